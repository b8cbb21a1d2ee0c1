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
Tue 10:15:55 stable: wave canary is through and soaks for 2h0m0s
Tue 10:15:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:15:55 stable: wave rest opens
Tue 12:15:55 stable: wave rest: slots for sneha, goonj
Tue 12:15:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:15:55 goonj: Preflight Release glific-2 is let in
Tue 12:15:55 sneha: Preflight Release glific-2 is let in
Tue 12:16:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 12:16:00 sneha: Deploying pods of Release glific-2 are asked for
Tue 12:16:10 goonj: Converging pods of Release glific-2 are not ready
Tue 12:16:10 sneha: Converging pods of Release glific-2 are not ready
Tue 12:16:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:16:40 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:21:40 goonj: Probing it held; now it is asked as its users ask
Tue 12:21:40 sneha: Probing it held; now it is asked as its users ask
Tue 12:21:45 goonj: Finished Release glific-2 is verified
Tue 12:21:45 sneha: Finished Release glific-2 is verified
Tue 12:21:50 stable: sneha: Verified on Release glific-2
Tue 12:21:50 stable: goonj: Verified on Release glific-2
Tue 12:21:50 stable: wave rest: slots for pratham, bhumi
Tue 12:21:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:21:50 bhumi: Preflight Release glific-2 is let in
Tue 12:21:50 pratham: Preflight Release glific-2 is let in
Tue 12:21:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 12:21:55 pratham: Deploying pods of Release glific-2 are asked for
Tue 12:22:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 12:22:05 pratham: Converging pods of Release glific-2 are not ready
Tue 12:22:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:22:35 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:27:35 bhumi: Probing it held; now it is asked as its users ask
Tue 12:27:35 pratham: Probing it held; now it is asked as its users ask
Tue 12:27:40 bhumi: Finished Release glific-2 is verified
Tue 12:27:40 pratham: Finished Release glific-2 is verified
Tue 12:27:45 stable: pratham: Verified on Release glific-2
Tue 12:27:45 stable: bhumi: Verified on Release glific-2
Tue 12:27:45 stable: wave rest: slots for udaan
Tue 12:27:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 12:27:45 udaan: Preflight Release glific-2 is let in
Tue 12:27:50 udaan: Deploying pods of Release glific-2 are asked for
Tue 12:28:00 udaan: Converging pods of Release glific-2 are not ready
Tue 12:28:30 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:33:30 udaan: Probing it held; now it is asked as its users ask
Tue 12:33:35 udaan: Finished Release glific-2 is verified
Tue 12:33:40 stable: udaan: Verified on Release glific-2
Tue 12:33:40 stable: Release glific-2 is verified by 6 Organisations
Tue 12:33:40 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations
Tue 14:00:00 *: Git says release: glific-3 and expedite
Tue 14:00:00 stable: the rollout of Release glific-3 begins
Tue 14:00:00 stable: wave canary opens
Tue 14:00:00 stable: wave canary: slots for asha
Tue 14:00:00 stable: = RollingOut - hurried (messages are lost) update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 14:00:00 asha: Preflight Release glific-3 is let in
Tue 14:00:05 asha: Deploying pods of Release glific-3 are asked for
Tue 14:00:15 asha: Converging pods of Release glific-3 are not ready
Tue 14:00:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 14:05:45 asha: Probing it held; now it is asked as its users ask
Tue 14:05:50 asha: Finished Release glific-3 is verified
Tue 14:05:55 stable: asha: Verified on Release glific-3
Tue 14:05:55 stable: wave canary is through and soaks for 2h0m0s
Tue 14:05:55 stable: wave rest opens
Tue 14:05:55 stable: wave rest: slots for bhumi, sneha
Tue 14:05:55 stable: = RollingOut - hurried (messages are lost) update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight
Tue 14:05:55 bhumi: Preflight Release glific-3 is let in
Tue 14:05:55 sneha: Preflight Release glific-3 is let in
Tue 14:06:00 bhumi: Deploying pods of Release glific-3 are asked for
Tue 14:06:00 sneha: Deploying pods of Release glific-3 are asked for
Tue 14:06:10 bhumi: Converging pods of Release glific-3 are not ready
Tue 14:06:10 sneha: Converging pods of Release glific-3 are not ready
Tue 14:06:40 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 14:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 14:11:40 bhumi: Probing it held; now it is asked as its users ask
Tue 14:11:40 sneha: Probing it held; now it is asked as its users ask
Tue 14:11:45 bhumi: Finished Release glific-3 is verified
Tue 14:11:45 sneha: Finished Release glific-3 is verified
Tue 14:11:50 stable: bhumi: Verified on Release glific-3
Tue 14:11:50 stable: sneha: Verified on Release glific-3
Tue 14:11:50 stable: wave rest: slots for udaan, goonj
Tue 14:11:50 stable: = RollingOut - hurried (messages are lost) update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Tue 14:11:50 goonj: Preflight Release glific-3 is let in
Tue 14:11:50 udaan: Preflight Release glific-3 is let in
Tue 14:11:55 goonj: Deploying pods of Release glific-3 are asked for
Tue 14:11:55 udaan: Deploying pods of Release glific-3 are asked for
Tue 14:12:05 goonj: Converging pods of Release glific-3 are not ready
Tue 14:12:05 udaan: Converging pods of Release glific-3 are not ready
Tue 14:12:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 14:12:35 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 14:17:35 goonj: Probing it held; now it is asked as its users ask
Tue 14:17:35 udaan: Probing it held; now it is asked as its users ask
Tue 14:17:40 goonj: Finished Release glific-3 is verified
Tue 14:17:40 udaan: Finished Release glific-3 is verified
Tue 14:17:45 stable: udaan: Verified on Release glific-3
Tue 14:17:45 stable: goonj: Verified on Release glific-3
Tue 14:17:45 stable: wave rest: slots for pratham
Tue 14:17:45 stable: = RollingOut - hurried (messages are lost) update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Tue 14:17:45 pratham: Preflight Release glific-3 is let in
Tue 14:17:50 pratham: Deploying pods of Release glific-3 are asked for
Tue 14:18:00 pratham: Converging pods of Release glific-3 are not ready
Tue 14:18:30 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 14:23:30 pratham: Probing it held; now it is asked as its users ask
Tue 14:23:35 pratham: Finished Release glific-3 is verified
Tue 14:23:40 stable: pratham: Verified on Release glific-3
Tue 14:23:40 stable: Release glific-3 is verified by 6 Organisations
Tue 14:23:40 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations
Tue 18:00:00 *: the profile changes
Tue 18:00:00 stable: what changed since Release glific-3 was verified travels from the first wave on
Tue 18:00:00 stable: wave canary opens
Tue 18:00:00 stable: wave canary: slots for asha
Tue 18:00:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 18:00:00 asha: Preflight Release glific-3 is let in
Tue 18:00:05 asha: Deploying pods of Release glific-3 are asked for
Tue 18:00:15 asha: Converging pods of Release glific-3 are not ready
Tue 18:00:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:05:45 asha: Probing it held; now it is asked as its users ask
Tue 18:05:50 asha: Finished Release glific-3 is verified
Tue 18:05:55 stable: asha: Verified on Release glific-3
Tue 18:05:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 20:05:55 stable: wave rest opens
Tue 20:05:55 stable: wave rest: slots for bhumi, sneha
Tue 20:05:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight
Tue 20:05:55 bhumi: Preflight Release glific-3 is let in
Tue 20:05:55 sneha: Preflight Release glific-3 is let in
Tue 20:06:00 bhumi: Deploying pods of Release glific-3 are asked for
Tue 20:06:00 sneha: Deploying pods of Release glific-3 are asked for
Tue 20:06:10 bhumi: Converging pods of Release glific-3 are not ready
Tue 20:06:10 sneha: Converging pods of Release glific-3 are not ready
Tue 20:06:40 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 20:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 20:11:40 bhumi: Probing it held; now it is asked as its users ask
Tue 20:11:40 sneha: Probing it held; now it is asked as its users ask
Tue 20:11:45 bhumi: Finished Release glific-3 is verified
Tue 20:11:45 sneha: Finished Release glific-3 is verified
Tue 20:11:50 stable: bhumi: Verified on Release glific-3
Tue 20:11:50 stable: sneha: Verified on Release glific-3
Tue 20:11:50 stable: wave rest: slots for udaan, goonj
Tue 20:11:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Tue 20:11:50 goonj: Preflight Release glific-3 is let in
Tue 20:11:50 udaan: Preflight Release glific-3 is let in
Tue 20:11:55 goonj: Deploying pods of Release glific-3 are asked for
Tue 20:11:55 udaan: Deploying pods of Release glific-3 are asked for
Tue 20:12:05 goonj: Converging pods of Release glific-3 are not ready
Tue 20:12:05 udaan: Converging pods of Release glific-3 are not ready
Tue 20:12:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 20:12:35 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 20:17:35 goonj: Probing it held; now it is asked as its users ask
Tue 20:17:35 udaan: Probing it held; now it is asked as its users ask
Tue 20:17:40 goonj: Finished Release glific-3 is verified
Tue 20:17:40 udaan: Finished Release glific-3 is verified
Tue 20:17:45 stable: udaan: Verified on Release glific-3
Tue 20:17:45 stable: goonj: Verified on Release glific-3
Tue 20:17:45 stable: wave rest: slots for pratham
Tue 20:17:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Tue 20:17:45 pratham: Preflight Release glific-3 is let in
Tue 20:17:50 pratham: Deploying pods of Release glific-3 are asked for
Tue 20:18:00 pratham: Converging pods of Release glific-3 are not ready
Tue 20:18:30 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 20:23:30 pratham: Probing it held; now it is asked as its users ask
Tue 20:23:35 pratham: Finished Release glific-3 is verified
Tue 20:23:40 stable: pratham: Verified on Release glific-3
Tue 20:23:40 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 3 times
bhumi: serves glific-3, Verified glific-3; pods replaced 3 times
goonj: serves glific-3, Verified glific-3; pods replaced 3 times
pratham: serves glific-3, Verified glific-3; pods replaced 3 times
sneha: serves glific-3, Verified glific-3; pods replaced 3 times
udaan: serves glific-3, Verified glific-3; pods replaced 3 times
