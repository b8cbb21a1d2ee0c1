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
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: wave canary is through and soaks for 24h0m0s
Tue 10:15:55 stable: = Soaking - wave rest opens after wave canary has served for 24h0m0s
Wed 10:15:55 stable: wave rest opens
Wed 10:15:55 stable: wave rest: slots for sneha, goonj
Wed 10:15:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Wed 10:15:55 goonj: Preflight Release glific-2 is let in
Wed 10:15:55 sneha: Preflight Release glific-2 is let in
Wed 10:16:00 goonj: Deploying pods of Release glific-2 are asked for
Wed 10:16:00 sneha: Deploying pods of Release glific-2 are asked for
Wed 10:16:10 goonj: Converging pods of Release glific-2 are not ready
Wed 10:16:10 sneha: Converging pods of Release glific-2 are not ready
Wed 10:16:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Wed 10:16:40 sneha: Holding Release glific-2 must stay healthy for 5m0s
Wed 10:19:00 *: Git says release: glific-3
Wed 10:19:00 stable: Release glific-2 is superseded by glific-3
Wed 10:19:00 stable: wave canary opens
Wed 10:19:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 2 Organisations in flight
Wed 10:19:00 goonj: Finished Release glific-3 is wanted now
Wed 10:19:00 sneha: Finished Release glific-3 is wanted now
Wed 10:19:05 stable: sneha: Superseded on Release glific-2
Wed 10:19:05 stable: goonj: Superseded on Release glific-2
Wed 10:19:05 stable: wave rest: a slot for sneha first, which was left on Release glific-2
Wed 10:19:05 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Wed 10:19:05 sneha: Preflight Release glific-3 is let in
Wed 10:19:10 sneha: Deploying pods of Release glific-3 are asked for
Wed 10:19:20 sneha: Converging pods of Release glific-3 are not ready
Wed 10:19:50 sneha: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:24:50 sneha: Probing it held; now it is asked as its users ask
Wed 10:24:55 sneha: Finished Release glific-3 is verified
Wed 10:25:00 stable: sneha: Verified on Release glific-3
Wed 10:25:00 stable: wave rest: a slot for goonj first, which was left on Release glific-2
Wed 10:25:00 stable: wave canary: slots for asha
Wed 10:25:00 stable: = RollingOut - update of wave canary: 1 of 6 serve Release glific-3; 2 Organisations in flight
Wed 10:25:00 asha: Preflight Release glific-3 is let in
Wed 10:25:00 goonj: Preflight Release glific-3 is let in
Wed 10:25:05 asha: Deploying pods of Release glific-3 are asked for
Wed 10:25:05 goonj: Deploying pods of Release glific-3 are asked for
Wed 10:25:15 asha: Converging pods of Release glific-3 are not ready
Wed 10:25:15 goonj: Converging pods of Release glific-3 are not ready
Wed 10:25:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:25:45 goonj: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:30:45 asha: Probing it held; now it is asked as its users ask
Wed 10:30:45 goonj: Probing it held; now it is asked as its users ask
Wed 10:30:50 asha: Finished Release glific-3 is verified
Wed 10:30:50 goonj: Finished Release glific-3 is verified
Wed 10:30:55 stable: goonj: Verified on Release glific-3
Wed 10:30:55 stable: asha: Verified on Release glific-3
Wed 10:30:55 stable: wave canary is through and soaks for 24h0m0s
Wed 10:30:55 stable: = Soaking - wave rest opens after wave canary has served for 24h0m0s
Thu 10:30:55 stable: wave rest opens
Thu 10:30:55 stable: wave rest: slots for bhumi, udaan
Thu 10:30:55 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Thu 10:30:55 bhumi: Preflight Release glific-3 is let in
Thu 10:30:55 udaan: Preflight Release glific-3 is let in
Thu 10:31:00 bhumi: Deploying pods of Release glific-3 are asked for
Thu 10:31:00 udaan: Deploying pods of Release glific-3 are asked for
Thu 10:31:10 bhumi: Converging pods of Release glific-3 are not ready
Thu 10:31:10 udaan: Converging pods of Release glific-3 are not ready
Thu 10:31:40 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Thu 10:31:40 udaan: Holding Release glific-3 must stay healthy for 5m0s
Thu 10:36:40 bhumi: Probing it held; now it is asked as its users ask
Thu 10:36:40 udaan: Probing it held; now it is asked as its users ask
Thu 10:36:45 bhumi: Finished Release glific-3 is verified
Thu 10:36:45 udaan: Finished Release glific-3 is verified
Thu 10:36:50 stable: bhumi: Verified on Release glific-3
Thu 10:36:50 stable: udaan: Verified on Release glific-3
Thu 10:36:50 stable: wave rest: slots for pratham
Thu 10:36:50 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Thu 10:36:50 pratham: Preflight Release glific-3 is let in
Thu 10:36:55 pratham: Deploying pods of Release glific-3 are asked for
Thu 10:37:05 pratham: Converging pods of Release glific-3 are not ready
Thu 10:37:35 pratham: Holding Release glific-3 must stay healthy for 5m0s
Thu 10:42:35 pratham: Probing it held; now it is asked as its users ask
Thu 10:42:40 pratham: Finished Release glific-3 is verified
Thu 10:42:45 stable: pratham: Verified on Release glific-3
Thu 10:42:45 stable: Release glific-3 is verified by 6 Organisations
Thu 10:42:45 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 2 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 2 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 2 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
