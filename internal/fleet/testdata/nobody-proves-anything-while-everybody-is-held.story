Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: = Waiting - nobody has verified Release glific-1 yet; it does not reach 6 Organisations: see status.unreached
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: Release glific-1 is superseded by glific-2
Tue 10:10:00 stable: = Waiting - nobody has verified Release glific-2 yet; it does not reach 6 Organisations: see status.unreached
Tue 11:00:00 *: zeal is created
Tue 11:00:00 stable: = Waiting - nobody has verified Release glific-2 yet; waits for 1 Organisation, which serve nothing yet; it does not reach 6 Organisations: see status.unreached

stable: Waiting, verified , wave rest
asha: serves glific-1, untouched; pods replaced 0 times
bhumi: serves glific-1, untouched; pods replaced 0 times
goonj: serves glific-1, untouched; pods replaced 0 times
pratham: serves glific-1, untouched; pods replaced 0 times
sneha: serves glific-1, untouched; pods replaced 0 times
udaan: serves glific-1, untouched; pods replaced 0 times
zeal: serves , untouched; pods replaced 0 times
