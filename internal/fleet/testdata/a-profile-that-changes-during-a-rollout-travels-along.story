Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:09:00 *: the operator is upgraded, and would render other pods
Tue 10:09:00 stable: what changed since Release glific-1 was verified travels from the first wave on
Tue 10:09:00 stable: wave canary opens
Tue 10:09:00 stable: wave canary: slots for asha
Tue 10:09:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-1; 1 Organisation in flight
Tue 10:09:00 asha: Preflight Release glific-1 is let in
Tue 10:09:05 asha: Deploying pods of Release glific-1 are asked for
Tue 10:09:15 asha: Converging pods of Release glific-1 are not ready
Tue 10:09:45 asha: Holding Release glific-1 must stay healthy for 5m0s
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Finished Release glific-2 is wanted now
Tue 10:10:05 stable: asha: Superseded on Release glific-1
Tue 10:10:05 stable: wave canary: a slot for asha first, which was left on Release glific-1
Tue 10:10:05 asha: Preflight Release glific-2 is let in
Tue 10:10:10 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:20 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:50 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:50 asha: Probing it held; now it is asked as its users ask
Tue 10:15:55 asha: Finished Release glific-2 is verified
Tue 10:16:00 stable: asha: Verified on Release glific-2
Tue 10:16:00 stable: wave canary is through and soaks for 2h0m0s
Tue 10:16:00 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:16:00 stable: wave rest opens
Tue 12:16:00 stable: wave rest: slots for sneha, goonj
Tue 12:16:00 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:16:00 goonj: Preflight Release glific-2 is let in
Tue 12:16:00 sneha: Preflight Release glific-2 is let in
Tue 12:16:05 goonj: Deploying pods of Release glific-2 are asked for
Tue 12:16:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 12:16:15 goonj: Converging pods of Release glific-2 are not ready
Tue 12:16:15 sneha: Converging pods of Release glific-2 are not ready
Tue 12:16:45 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:16:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:21:45 goonj: Probing it held; now it is asked as its users ask
Tue 12:21:45 sneha: Probing it held; now it is asked as its users ask
Tue 12:21:50 goonj: Finished Release glific-2 is verified
Tue 12:21:50 sneha: Finished Release glific-2 is verified
Tue 12:21:55 stable: sneha: Verified on Release glific-2
Tue 12:21:55 stable: goonj: Verified on Release glific-2
Tue 12:21:55 stable: wave rest: slots for pratham, bhumi
Tue 12:21:55 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:21:55 bhumi: Preflight Release glific-2 is let in
Tue 12:21:55 pratham: Preflight Release glific-2 is let in
Tue 12:22:00 bhumi: Deploying pods of Release glific-2 are asked for
Tue 12:22:00 pratham: Deploying pods of Release glific-2 are asked for
Tue 12:22:10 bhumi: Converging pods of Release glific-2 are not ready
Tue 12:22:10 pratham: Converging pods of Release glific-2 are not ready
Tue 12:22:40 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:22:40 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:27:40 bhumi: Probing it held; now it is asked as its users ask
Tue 12:27:40 pratham: Probing it held; now it is asked as its users ask
Tue 12:27:45 bhumi: Finished Release glific-2 is verified
Tue 12:27:45 pratham: Finished Release glific-2 is verified
Tue 12:27:50 stable: pratham: Verified on Release glific-2
Tue 12:27:50 stable: bhumi: Verified on Release glific-2
Tue 12:27:50 stable: wave rest: slots for udaan
Tue 12:27:50 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 12:27:50 udaan: Preflight Release glific-2 is let in
Tue 12:27:55 udaan: Deploying pods of Release glific-2 are asked for
Tue 12:28:05 udaan: Converging pods of Release glific-2 are not ready
Tue 12:28:35 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:33:35 udaan: Probing it held; now it is asked as its users ask
Tue 12:33:40 udaan: Finished Release glific-2 is verified
Tue 12:33:45 stable: udaan: Verified on Release glific-2
Tue 12:33:45 stable: Release glific-2 is verified by 6 Organisations
Tue 12:33:45 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave rest
asha: serves glific-2, Verified glific-2; pods replaced 2 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
