// Package routes asks what a network of transport corridors can carry, at what
// cost and in what time, and what follows when a leg of it closes.
//
// # What it does
//
// A [Network] is legs between places, each with hours and their spread, a cost,
// a capacity and a chance of being closed. [Network.Paths] lists the best routes
// between two places [yen1971], with the time one has to plan for
// ([Path.Quantile]) and the chance that nothing on the way is closed.
// [Network.MaxFlow] is the most that gets through and the legs that stop more.
// [Network.Assign] carries many demands at once at the lowest total cost and
// says what is left behind; [Network.Criticality] closes each leg in turn;
// [Network.Simulate] closes them at random. [Network.Betweenness] and
// [Network.MarketAccess] describe the network without asking what moves on it.
//
// # The price of time
//
// Routes are compared by generalised cost: money plus hours at a value per unit
// and hour. The value decides between a dear fast route and a cheap slow one
// more than any other figure here, and it differs between goods by orders of
// magnitude: a day in transit is worth as much as a tariff of 0.6 to 2.1 per
// cent of the goods [hummels2013]. Show results at a low and a high value, or
// find the value at which the choice turns.
//
// # Bottleneck, load and loss
//
// Three questions look alike and are not. The cut [ford1956] asks for the
// ceiling between two places with the rest of the network idle. The assignment
// asks what happens when all demands meet at once; the shadow price of a leg is
// what another unit of its capacity would save. Criticality asks what its loss
// would cost; a leg can be full and yet easily replaced, or half empty and the
// only way. Expected loss is that cost times the chance of closure, and hides
// what a planner may care about most: the rare closure that nothing replaces.
// Show the loss beside the chance.
//
// # How sure
//
// Hours have a spread and legs a chance of closure, and both are carried
// through: into the quantile of time of a route, and into the periods of
// [Network.Simulate]. The figures on the legs themselves are often judgements.
// A room should mark which, and run the network at their ends; nothing here can
// tell a measured capacity from a hoped-for one.
//
// # Limits
//
// This is a planning graph of ten to a hundred legs, not a router for roads. A
// leg is the same in both directions and in every season. Transhipment is a leg
// like any other and has to be put in as one. Nothing queues: a leg at its
// capacity is as fast as an empty one, so times on a crowded network are too
// short.
//
// # References
//
//   - [brandes2001] U. Brandes, "A faster algorithm for betweenness centrality",
//     Journal of Mathematical Sociology 25(2), 2001, 163–177.
//   - [dantzig1967] G. B. Dantzig and R. M. Van Slyke, "Generalized upper
//     bounding techniques", Journal of Computer and System Sciences 1(3), 1967,
//     213–226.
//   - [donaldson2016] D. Donaldson and R. Hornbeck, "Railroads and American
//     economic growth: a 'market access' approach", Quarterly Journal of
//     Economics 131(2), 2016, 799–858.
//   - [edmonds1972] J. Edmonds and R. M. Karp, "Theoretical improvements in
//     algorithmic efficiency for network flow problems", Journal of the ACM
//     19(2), 1972, 248–264.
//   - [ford1956] L. R. Ford and D. R. Fulkerson, "Maximal flow through a
//     network", Canadian Journal of Mathematics 8, 1956, 399–404.
//   - [ford1958] L. R. Ford and D. R. Fulkerson, "A suggested computation for
//     maximal multi-commodity network flows", Management Science 5(1), 1958,
//     97–101.
//   - [girvan2002] M. Girvan and M. E. J. Newman, "Community structure in social
//     and biological networks", Proceedings of the National Academy of Sciences
//     99(12), 2002, 7821–7826.
//   - [hummels2013] D. L. Hummels and G. Schaur, "Time as a trade barrier",
//     American Economic Review 103(7), 2013, 2935–2959.
//   - [jeffreys1946] H. Jeffreys, "An invariant form for the prior probability in
//     estimation problems", Proceedings of the Royal Society A 186, 1946.
//   - [wilson1927] E. B. Wilson, "Probable inference, the law of succession, and
//     statistical inference", Journal of the American Statistical Association
//     22(158), 1927, 209–212.
//   - [yen1971] J. Y. Yen, "Finding the K shortest loopless paths in a network",
//     Management Science 17(11), 1971, 712–716.
package routes
