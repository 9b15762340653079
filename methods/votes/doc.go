// Package votes measures how alike two voters vote over a list of roll calls.
//
// # What it does
//
// [Agreement] compares two records of votes, one letter per roll call, and
// returns seven measures of likeness over the roll calls both voted on.
// [AgreementInterval] and [IdenticalInterval] say how sure two of them are.
// [Divided] and [Pick] leave out roll calls, such as those nobody opposed.
//
// # Which measure
//
// The share of identical votes is the plainest. The agreement on three points
// gives half a point when one abstains, on the view that an abstention lies
// between yes and no; S is the same number between −1 and 1 [signorino1999].
// Both are high for nearly every pair in an assembly that mostly agrees. Kappa
// [cohen1960] and its weighted form [cohen1968] ask how much more two voters
// agree than they would if each kept its own proportions of yes, abstention and
// no and cast them at random; pi [scott1955] gives both the same proportions
// for that comparison. For comparing pairs the corrected measures are the
// safer choice [hage2011]; for saying what happened, the share.
//
// # Which roll calls
//
// The caller chooses, because the choice moves the answer. Votes on single
// paragraphs and amendments repeat one dispute many times over; the published
// positions of states drop them after 1989 [bailey2017]. Roll calls on which
// all members vote alike say nothing about who is near whom and raise every
// uncorrected measure.
//
// # How sure
//
// A record of votes is complete, so as a description it has no error. The
// intervals answer another question: how far the measure would move if other
// items of the same kind had come to the vote. Votes on one item, and items of
// one session, go together, so the intervals are made from clusters of votes.
// A cluster should be what was decided together: all votes on one resolution,
// or one day, better than one session, because a handful of sessions is a
// handful of observations.
//
// # Limits
//
// Absence is left out, and absence is not always innocent: a state that stays
// away when it would have to choose looks more agreeable than it is. Likeness
// is not influence: two states vote alike because they want the same, because
// one follows, or because both follow a third.
//
// # References
//
//   - [bailey2017] M. A. Bailey, A. Strezhnev and E. Voeten, "Estimating
//     dynamic state preferences from United Nations voting data", Journal of
//     Conflict Resolution 61(2), 2017, 430–456.
//   - [cameron2008] A. C. Cameron, J. B. Gelbach and D. L. Miller,
//     "Bootstrap-based improvements for inference with clustered errors",
//     Review of Economics and Statistics 90(3), 2008, 414–427.
//   - [cohen1960] J. Cohen, "A coefficient of agreement for nominal scales",
//     Educational and Psychological Measurement 20, 1960, 37–46.
//   - [cohen1968] J. Cohen, "Weighted kappa: nominal scale agreement with
//     provision for scaled disagreement or partial credit", Psychological
//     Bulletin 70(4), 1968, 213–220.
//   - [hage2011] F. M. Häge, "Choice or circumstance? Adjusting measures of
//     foreign policy similarity for chance agreement", Political Analysis
//     19(3), 2011, 287–305.
//   - [hesterberg2015] T. C. Hesterberg, "What teachers should know about the
//     bootstrap: resampling in the undergraduate statistics curriculum",
//     The American Statistician 69(4), 2015, 371–386.
//   - [kish1965] L. Kish, Survey Sampling, Wiley, 1965.
//   - [scott1955] W. A. Scott, "Reliability of content analysis: the case of
//     nominal scale coding", Public Opinion Quarterly 19, 1955, 321–325.
//   - [signorino1999] C. S. Signorino and J. M. Ritter, "Tau-b or not tau-b:
//     measuring the similarity of foreign policy positions", International
//     Studies Quarterly 43, 1999, 115–144.
//   - [wilson1927] E. B. Wilson, "Probable inference, the law of succession,
//     and statistical inference", Journal of the American Statistical
//     Association 22(158), 1927, 209–212.
package votes
