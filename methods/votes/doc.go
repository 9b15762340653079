// Package votes measures how alike voters vote over a list of roll calls, and
// where on a line their votes place them.
//
// # What it does
//
// [Agreement] compares two records of votes, one letter per roll call, and
// returns seven measures of likeness over the roll calls both voted on.
// [AgreementInterval], [IdenticalInterval] and [LikenessInterval] say how sure
// they are.
// [Divided], [Pick] and [OnPart] leave out roll calls, such as those nobody
// opposed.
//
// [IdealPoints] places all voters of a session on the one line that explains
// their votes best, [PerSession] does so for many sessions apart, and [Dynamic]
// for all of them in one unit. The [Space] they return has the positions with
// intervals, the distance of any two, how far one moved between sessions, and
// which of its votes placed it ([Space.Pulls]) or moved it ([Space.Moves]).
// [Bootstrap] finds intervals from the roll calls instead of the curvature.
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
// # From votes to a line
//
// Likeness depends on what was put to the vote: two states that differ on one
// matter agree less in a year in which that matter comes up ten times. The
// ordered probit separates the two. Each roll call has a slope, how sharply it
// divides the line, and two cut points, between which voters abstain; each
// voter has a position. Both are found together, from nothing but the table of
// votes, as in [clinton2004] and, for the General Assembly, [bailey2017]. A
// roll call that is asked again keeps its slope and cut points, so that the line
// stays where it was while voters move; so does a limit on how far a voter moves
// between sessions [martin2002].
//
// The published estimates of that model are means of 20 000 draws. Here the
// highest posterior is climbed by Newton's method, with the roll calls
// eliminated and sessions solved one after the other, so that what takes a
// night there takes a second or two; the intervals are those of the curvature
// at the top [tierney1986]. A highest posterior is not a mean: it lies a little
// nearer zero for voters with few votes. What that costs is measured, not
// argued: with the published series of sessions 47 to 74 the positions correlate
// at 0.991 to 0.998 in each session, and 97 to 99 per cent of states lie inside
// the published interval of level 0.9 (TestConformancePublished). The same with
// every session by itself is 0.987 to 0.999. Keeping votes on paragraphs and
// amendments costs most: session 71 alone falls to 0.965.
//
// Draws are standardised anew in the published estimates, which fixes the unit.
// A highest posterior that is free to stretch the line from session to session
// does so, by more than a factor of two over 28 sessions, because a longer line with
// smaller slopes costs the prior less. Here a normal prior on every position in
// every session holds the unit, and positions are standardised at the end.
//
// # How sure
//
// A record of votes is complete, so as a description it has no error. The
// intervals answer another question: how far the measure would move if other
// items of the same kind had come to the vote. Votes on one item, and items of
// one session, go together, so the intervals are made from clusters of votes.
// A cluster should be what was decided together: all votes on one resolution,
// or one day, better than one session, because a handful of sessions is a
// handful of observations. The intervals of positions ask the same question
// of the model: they hold what is not known of the roll calls too, but take one
// line for granted and votes as independent. [Bootstrap] takes neither the
// curvature nor, with clusters, independence for granted.
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
//   - [clinton2004] J. Clinton, S. Jackman and D. Rivers, "The statistical
//     analysis of roll call data", American Political Science Review 98(2),
//     2004, 355–370.
//   - [cohen1960] J. Cohen, "A coefficient of agreement for nominal scales",
//     Educational and Psychological Measurement 20, 1960, 37–46.
//   - [cohen1968] J. Cohen, "Weighted kappa: nominal scale agreement with
//     provision for scaled disagreement or partial credit", Psychological
//     Bulletin 70(4), 1968, 213–220.
//   - [efron1993] B. Efron and R. J. Tibshirani, An Introduction to the
//     Bootstrap, Chapman and Hall, 1993.
//   - [hage2011] F. M. Häge, "Choice or circumstance? Adjusting measures of
//     foreign policy similarity for chance agreement", Political Analysis
//     19(3), 2011, 287–305.
//   - [hesterberg2015] T. C. Hesterberg, "What teachers should know about the
//     bootstrap: resampling in the undergraduate statistics curriculum",
//     The American Statistician 69(4), 2015, 371–386.
//   - [kish1965] L. Kish, Survey Sampling, Wiley, 1965.
//   - [lewis2004] J. B. Lewis and K. T. Poole, "Measuring bias and uncertainty
//     in ideal point estimates via the parametric bootstrap", Political
//     Analysis 12(2), 2004, 105–127.
//   - [martin2002] A. D. Martin and K. M. Quinn, "Dynamic ideal point
//     estimation via Markov chain Monte Carlo for the U.S. Supreme Court,
//     1953–1999", Political Analysis 10(2), 2002, 134–153.
//   - [scott1955] W. A. Scott, "Reliability of content analysis: the case of
//     nominal scale coding", Public Opinion Quarterly 19, 1955, 321–325.
//   - [signorino1999] C. S. Signorino and J. M. Ritter, "Tau-b or not tau-b:
//     measuring the similarity of foreign policy positions", International
//     Studies Quarterly 43, 1999, 115–144.
//   - [tierney1986] L. Tierney and J. B. Kadane, "Accurate approximations for
//     posterior moments and marginal densities", Journal of the American
//     Statistical Association 81(393), 1986, 82–86.
//   - [wilson1927] E. B. Wilson, "Probable inference, the law of succession,
//     and statistical inference", Journal of the American Statistical
//     Association 22(158), 1927, 209–212.
package votes
