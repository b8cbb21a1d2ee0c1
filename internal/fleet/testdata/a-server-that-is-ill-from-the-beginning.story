Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for asha, sneha, pratham
Tue 10:10:00 stable: = RollingOut - update of wave all: 0 of 6 serve Release glific-2; 3 Organisations in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:00 pratham: Preflight Release glific-2 is let in
Tue 10:10:00 sneha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:05 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:10:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:15 pratham: Converging pods of Release glific-2 are not ready
Tue 10:10:15 sneha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:10:45 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:10:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:45 pratham: Probing it held; now it is asked as its users ask
Tue 10:15:45 sneha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:50 pratham: Finished Release glific-2 is verified
Tue 10:15:50 sneha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: sneha: Verified on Release glific-2
Tue 10:15:55 stable: pratham: Verified on Release glific-2
Tue 10:15:55 stable: wave all: slots for bhumi, udaan
Tue 10:15:55 stable: = RollingOut - update of wave all: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 10:15:55 bhumi: Preflight Release glific-2 is let in
Tue 10:15:55 udaan: Preflight Release glific-2 is let in
Tue 10:16:00 bhumi: Deploying pods of Release glific-2 are asked for
Tue 10:16:00 udaan: Deploying pods of Release glific-2 are asked for
Tue 10:16:10 bhumi: Converging pods of Release glific-2 are not ready
Tue 10:16:10 udaan: Converging pods of Release glific-2 are not ready
Tue 10:16:40 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:16:40 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:21:40 bhumi: Probing it held; now it is asked as its users ask
Tue 10:21:40 udaan: Probing it held; now it is asked as its users ask
Tue 10:21:45 bhumi: Finished Release glific-2 is verified
Tue 10:21:45 udaan: Finished Release glific-2 is verified
Tue 10:21:50 stable: bhumi: Verified on Release glific-2
Tue 10:21:50 stable: udaan: Verified on Release glific-2
Tue 10:21:50 stable: = Waiting - waits for goonj (DatabaseServer shared-2 does not answer)
Tue 15:00:00 *: DatabaseServer shared-2 answers again
Tue 15:00:00 stable: wave all: slots for goonj
Tue 15:00:00 stable: = RollingOut - update of wave all: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 15:00:00 goonj: Preflight Release glific-2 is let in
Tue 15:00:05 goonj: Deploying pods of Release glific-2 are asked for
Tue 15:00:15 goonj: Converging pods of Release glific-2 are not ready
Tue 15:00:45 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 15:05:45 goonj: Probing it held; now it is asked as its users ask
Tue 15:05:50 goonj: Finished Release glific-2 is verified
Tue 15:05:55 stable: goonj: Verified on Release glific-2
Tue 15:05:55 stable: Release glific-2 is verified by 6 Organisations
Tue 15:05:55 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
