Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for asha, sneha
Tue 10:10:00 stable: = RollingOut - update of wave all: 0 of 6 serve Release glific-2; 2 Organisations in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:00 sneha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:15 sneha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:10:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:12:00 *: the status of the channel is lost
Tue 10:12:00 stable: the rollout of Release glific-2 begins
Tue 10:12:00 stable: asha: its slot is taken up again
Tue 10:12:00 stable: sneha: its slot is taken up again
Tue 10:12:00 stable: wave all opens
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:45 sneha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:50 sneha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: sneha: Verified on Release glific-2
Tue 10:15:55 stable: wave all: slots for goonj, pratham
Tue 10:15:55 stable: = RollingOut - update of wave all: 2 of 6 serve Release glific-2; 2 Organisations in flight
Tue 10:15:55 goonj: Preflight Release glific-2 is let in
Tue 10:15:55 pratham: Preflight Release glific-2 is let in
Tue 10:16:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 10:16:00 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:16:10 goonj: Converging pods of Release glific-2 are not ready
Tue 10:16:10 pratham: Converging pods of Release glific-2 are not ready
Tue 10:16:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:16:40 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:21:40 goonj: Probing it held; now it is asked as its users ask
Tue 10:21:40 pratham: Probing it held; now it is asked as its users ask
Tue 10:21:45 goonj: Finished Release glific-2 is verified
Tue 10:21:45 pratham: Finished Release glific-2 is verified
Tue 10:21:50 stable: goonj: Verified on Release glific-2
Tue 10:21:50 stable: pratham: Verified on Release glific-2
Tue 10:21:50 stable: wave all: slots for bhumi, udaan
Tue 10:21:50 stable: = RollingOut - update of wave all: 4 of 6 serve Release glific-2; 2 Organisations in flight
Tue 10:21:50 bhumi: Preflight Release glific-2 is let in
Tue 10:21:50 udaan: Preflight Release glific-2 is let in
Tue 10:21:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 10:21:55 udaan: Deploying pods of Release glific-2 are asked for
Tue 10:22:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 10:22:05 udaan: Converging pods of Release glific-2 are not ready
Tue 10:22:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:22:35 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:27:35 bhumi: Probing it held; now it is asked as its users ask
Tue 10:27:35 udaan: Probing it held; now it is asked as its users ask
Tue 10:27:40 bhumi: Finished Release glific-2 is verified
Tue 10:27:40 udaan: Finished Release glific-2 is verified
Tue 10:27:45 stable: bhumi: Verified on Release glific-2
Tue 10:27:45 stable: udaan: Verified on Release glific-2
Tue 10:27:45 stable: Release glific-2 is verified by 6 Organisations
Tue 10:27:45 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
