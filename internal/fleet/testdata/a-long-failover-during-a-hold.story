Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:13:00 *: DatabaseServer shared-1 fails over
Tue 10:13:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight, of which asha stands still: DatabaseServer shared-1 has just failed over
Tue 10:13:00 asha: Holding DatabaseServer shared-1 has just failed over; the clock of this update stands still, and nothing is blamed on Release glific-2
Tue 11:13:00 *: DatabaseServer shared-1 is well again
Tue 11:13:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 11:13:00 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:15:45 asha: Probing it held; now it is asked as its users ask
Tue 11:15:50 asha: Finished Release glific-2 is verified
Tue 11:15:55 stable: asha: Verified on Release glific-2
Tue 11:15:55 stable: wave canary is through and soaks for 2h0m0s
Tue 11:15:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 13:15:55 stable: wave rest opens
Tue 13:15:55 stable: wave rest: slots for sneha, goonj
Tue 13:15:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 13:15:55 goonj: Preflight Release glific-2 is let in
Tue 13:15:55 sneha: Preflight Release glific-2 is let in
Tue 13:16:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 13:16:00 sneha: Deploying pods of Release glific-2 are asked for
Tue 13:16:10 goonj: Converging pods of Release glific-2 are not ready
Tue 13:16:10 sneha: Converging pods of Release glific-2 are not ready
Tue 13:16:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:16:40 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:21:40 goonj: Probing it held; now it is asked as its users ask
Tue 13:21:40 sneha: Probing it held; now it is asked as its users ask
Tue 13:21:45 goonj: Finished Release glific-2 is verified
Tue 13:21:45 sneha: Finished Release glific-2 is verified
Tue 13:21:50 stable: sneha: Verified on Release glific-2
Tue 13:21:50 stable: goonj: Verified on Release glific-2
Tue 13:21:50 stable: wave rest: slots for pratham, bhumi
Tue 13:21:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 13:21:50 bhumi: Preflight Release glific-2 is let in
Tue 13:21:50 pratham: Preflight Release glific-2 is let in
Tue 13:21:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 13:21:55 pratham: Deploying pods of Release glific-2 are asked for
Tue 13:22:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 13:22:05 pratham: Converging pods of Release glific-2 are not ready
Tue 13:22:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:22:35 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:27:35 bhumi: Probing it held; now it is asked as its users ask
Tue 13:27:35 pratham: Probing it held; now it is asked as its users ask
Tue 13:27:40 bhumi: Finished Release glific-2 is verified
Tue 13:27:40 pratham: Finished Release glific-2 is verified
Tue 13:27:45 stable: pratham: Verified on Release glific-2
Tue 13:27:45 stable: bhumi: Verified on Release glific-2
Tue 13:27:45 stable: wave rest: slots for udaan
Tue 13:27:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 13:27:45 udaan: Preflight Release glific-2 is let in
Tue 13:27:50 udaan: Deploying pods of Release glific-2 are asked for
Tue 13:28:00 udaan: Converging pods of Release glific-2 are not ready
Tue 13:28:30 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 13:33:30 udaan: Probing it held; now it is asked as its users ask
Tue 13:33:35 udaan: Finished Release glific-2 is verified
Tue 13:33:40 stable: udaan: Verified on Release glific-2
Tue 13:33:40 stable: Release glific-2 is verified by 6 Organisations
Tue 13:33:40 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave rest
asha: serves glific-2, Verified glific-2; pods replaced 1 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
