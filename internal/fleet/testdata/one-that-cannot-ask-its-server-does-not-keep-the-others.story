Tue 10:00:00 *: whoever is the first cannot ask its server, which nobody else sees
Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 3 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Declined the ledger does not answer it
Tue 10:10:05 stable: asha: declined Release glific-2: ServerDisturbed
Tue 10:10:05 stable: wave all: slots for pratham
Tue 10:10:05 pratham: Preflight Release glific-2 is let in
Tue 10:10:10 pratham: Deploying pods of Release glific-2 are asked for
Tue 10:10:20 pratham: Converging pods of Release glific-2 are not ready
Tue 10:10:50 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:50 pratham: Probing it held; now it is asked as its users ask
Tue 10:15:55 pratham: Finished Release glific-2 is verified
Tue 10:16:00 stable: pratham: Verified on Release glific-2
Tue 10:16:00 stable: wave all: slots for sneha
Tue 10:16:00 stable: = RollingOut - update of wave all: 1 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:16:00 sneha: Preflight Release glific-2 is let in
Tue 10:16:05 sneha: Deploying pods of Release glific-2 are asked for
Tue 10:16:15 sneha: Converging pods of Release glific-2 are not ready
Tue 10:16:45 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:21:45 sneha: Probing it held; now it is asked as its users ask
Tue 10:21:50 sneha: Finished Release glific-2 is verified
Tue 10:21:55 stable: sneha: Verified on Release glific-2
Tue 10:21:55 stable: wave all: slots for asha
Tue 10:21:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:21:55 asha: Declined the ledger does not answer it
Tue 10:22:00 stable: asha: declined Release glific-2: ServerDisturbed
Tue 10:22:00 stable: = Waiting - waits for asha (gave its slot back and gets the next after 2026-11-24T10:22:55Z: the ledger does not answer it)
Tue 10:22:55 stable: wave all: slots for asha
Tue 10:22:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:22:55 asha: Declined the ledger does not answer it
Tue 10:23:00 stable: asha: declined Release glific-2: ServerDisturbed
Tue 10:23:00 stable: = Waiting - waits for asha (gave its slot back and gets the next after 2026-11-24T10:24:55Z: the ledger does not answer it)
Tue 10:24:55 stable: wave all: slots for asha
Tue 10:24:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:24:55 asha: Declined the ledger does not answer it
Tue 10:25:00 stable: asha: declined Release glific-2: ServerDisturbed
Tue 10:25:00 stable: = Waiting - waits for asha (gave its slot back and gets the next after 2026-11-24T10:28:55Z: the ledger does not answer it)
Tue 10:28:55 stable: wave all: slots for asha
Tue 10:28:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:28:55 asha: Declined the ledger does not answer it
Tue 10:29:00 stable: asha: declined Release glific-2: ServerDisturbed
Tue 10:29:00 stable: = Waiting - waits for asha (gave its slot back and gets the next after 2026-11-24T10:36:55Z: the ledger does not answer it)
Tue 10:36:55 stable: wave all: slots for asha
Tue 10:36:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:36:55 asha: Declined the ledger does not answer it
Tue 10:37:00 stable: asha: declined Release glific-2: ServerDisturbed
Tue 10:37:00 stable: = Waiting - waits for asha (gave its slot back and gets the next after 2026-11-24T10:46:55Z: the ledger does not answer it)
Tue 10:40:00 *: asha can ask its server again
Tue 10:46:55 stable: wave all: slots for asha
Tue 10:46:55 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 10:46:55 asha: Preflight Release glific-2 is let in
Tue 10:47:00 asha: Deploying pods of Release glific-2 are asked for
Tue 10:47:10 asha: Converging pods of Release glific-2 are not ready
Tue 10:47:40 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:52:40 asha: Probing it held; now it is asked as its users ask
Tue 10:52:45 asha: Finished Release glific-2 is verified
Tue 10:52:50 stable: asha: Verified on Release glific-2
Tue 10:52:50 stable: Release glific-2 is verified by 3 Organisations
Tue 10:52:50 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 3 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
