package keys

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

const secretName = "keys-" + views.UID

// untouched is a row under which nothing was made yet.
func untouched() views.Option {
	return views.Tenant(func(t *ledger.Tenant) {
		t.KeyFingerprint, t.Bootstrap, t.AdminDigest, t.Runs, t.PreparedOID = "", ledger.NotBootstrapped, "", nil, 0
		t.Facts = ledger.Facts{}
	})
}

func tenant(change func(*ledger.Tenant)) views.Option { return views.Tenant(change) }

// kept changes the master copy as it is found.
func kept(change func(*corev1.Secret)) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) { change(s.Secrets.Keys) })
}

func another(s *corev1.Secret)    { s.Data["cipher-key"] = []byte("another") }
func damaged(s *corev1.Secret)    { delete(s.Data, "signing-salt") }
func unlabelled(s *corev1.Secret) { s.Labels = nil }

func TestObserve(t *testing.T) {
	ready := step.Done("Ready", "Secret "+secretName+" has the master copy of the keys")
	lost := step.Stalled("KeyLost", "Secret "+secretName+" with the master copy of the keys is gone while database asha-780dcec0-1 exists: restore that Secret from a backup; new keys would make the NGO's stored credentials unreadable, so none are made")
	pending := step.Waiting("Pending", "the keys are made after the place on the DatabaseServer is claimed", 0)
	conflict := step.Waiting("NameConflict", "Secret "+secretName+" exists, does not carry the label tenancy.glific.org/identity="+views.UID+", and is not known to fit the database; nothing was changed: keep it, and find out where it comes from", step.Retry)
	hurt := step.Stalled("KeyLost", "Secret "+secretName+" is damaged (keys signing-salt are missing): restore it from a backup")
	mismatch := step.Stalled("KeyMismatch", "the keys in Secret "+secretName+" are not those that database asha-780dcec0-1 was made with: restore the right Secret from a backup")
	none := views.WithoutKeys()
	tests := map[string]struct {
		world world
		want  step.Outcome
	}{
		"the keys fit": {nil, ready},
		"the keys are there, and nothing depends on them":  {world{untouched()}, ready},
		"the keys are there, and there is no row":          {world{views.Unclaimed()}, ready},
		"the keys are there, the server cannot be asked":   {world{views.ServerUnreachable()}, ready},
		"no keys and no row":                               {world{none, views.Unclaimed()}, pending},
		"no keys, and the server cannot be asked":          {world{none, views.ServerUnreachable()}, pending},
		"no keys, and nothing was made":                    {world{none, untouched()}, pending},
		"no keys, and the ledger has a fingerprint":        {world{none, untouched(), tenant(func(t *ledger.Tenant) { t.KeyFingerprint = "x" })}, lost},
		"no keys, and the database is there":               {world{none, untouched(), tenant(func(t *ledger.Tenant) { t.Facts.Database.Exists = true })}, lost},
		"no keys, and the database is being filled":        {world{none, untouched(), tenant(func(t *ledger.Tenant) { t.Bootstrap = ledger.Bootstrapping })}, lost},
		"no keys, and the database is full":                {world{none}, lost},
		"a key is missing":                                 {world{kept(damaged)}, hurt},
		"another cipher key":                               {world{kept(another)}, mismatch},
		"another cipher key, nothing was encrypted":        {world{kept(another), untouched()}, ready},
		"another cipher key, the server cannot be asked":   {world{kept(another), views.ServerUnreachable()}, ready},
		"restored without labels, and it fits":             {world{kept(unlabelled)}, ready},
		"without labels, and it does not fit":              {world{kept(unlabelled), kept(another)}, conflict},
		"without labels, and nothing says what would fit":  {world{kept(unlabelled), untouched()}, conflict},
		"without labels, and the server cannot be asked":   {world{kept(unlabelled), views.ServerUnreachable()}, conflict},
		"without labels and damaged":                       {world{kept(unlabelled), kept(damaged)}, conflict},
		"another's labels, and it fits":                    {world{kept(func(s *corev1.Secret) { s.Labels[v1alpha1.LabelIdentity] = "another" })}, ready},
		"an adopting Organisation's new name is no matter": {world{kept(func(s *corev1.Secret) { s.Labels[v1alpha1.LabelOrganisation] = "before" })}, ready},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, (&Step{}).Observe(views.New(t, test.world...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// cluster holds the operator's own Secrets, and remembers what was created.
type cluster struct {
	client.WithWatch
	created int
	refuse  error
}

func newCluster() *cluster {
	c := &cluster{}
	c.WithWatch = interceptor.NewClient(fake.NewClientBuilder().WithScheme(views.Scheme).Build(), interceptor.Funcs{
		Create: func(ctx context.Context, inner client.WithWatch, o client.Object, options ...client.CreateOption) error {
			c.created++
			if c.refuse != nil {
				return c.refuse
			}
			return inner.Create(ctx, o, options...)
		},
	})
	return c
}

func (c *cluster) step() *Step {
	return &Step{Client: c, Namespace: views.OperatorNamespace, Random: rand.NewChaCha8([32]byte{1})}
}

func TestKeysAreMadeOnceAndTheirFingerprintRecorded(t *testing.T) {
	v := views.New(t, views.WithoutKeys(), untouched(), views.Mute(t))
	c := newCluster()
	if out := c.step().Act(t.Context(), v); out.Reason != v1alpha1.ReasonServerUnreachable || !out.Unknown || out.After != step.Retry {
		t.Fatalf("the fingerprint is not recorded beside the data: %+v", out)
	}
	var made corev1.Secret
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: views.OperatorNamespace, Name: secretName}, &made); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(names.Labels(v.Org), made.Labels); diff != "" {
		t.Error(diff)
	}
	if made.Immutable == nil || !*made.Immutable {
		t.Error("the master copy can be changed")
	}
	keys, err := keyring.Parse(made.Data)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(keys.DatabaseVerifier(), "SCRAM-SHA-256$4096:") {
		t.Errorf("a verifier of %d characters in another form", len(keys.DatabaseVerifier()))
	}
	if len(made.OwnerReferences) > 0 || len(made.Finalizers) > 0 {
		t.Error("the keys go when something else goes")
	}
	for range 2 {
		if c.step().Act(t.Context(), v); c.created != 1 {
			t.Fatalf("the keys were created %d times", c.created)
		}
	}
}

func TestKeysAreNeverMadeWhereDataMayDependOnOthers(t *testing.T) {
	for sentence, options := range map[string]world{
		"the database is full":        nil,
		"the database is there":       {untouched(), tenant(func(t *ledger.Tenant) { t.Facts.Database.Exists = true })},
		"the ledger knows of keys":    {untouched(), tenant(func(t *ledger.Tenant) { t.KeyFingerprint = "x" })},
		"the database is being made":  {untouched(), tenant(func(t *ledger.Tenant) { t.Bootstrap = ledger.Rebuilding })},
		"the database is gone, again": {tenant(func(t *ledger.Tenant) { t.Facts.Database = ledger.DatabaseFacts{} })},
	} {
		t.Run(sentence, func(t *testing.T) {
			c := newCluster()
			out := c.step().Act(t.Context(), views.New(t, append(options, views.WithoutKeys())...))
			if out.Reason != v1alpha1.ReasonKeyLost || out.Kind != step.KindStalled || c.created != 0 {
				t.Errorf("created %d, %+v", c.created, out)
			}
		})
	}
}

func TestAFingerprintIsRecordedOnce(t *testing.T) {
	for sentence, test := range map[string]struct {
		world  world
		writes bool
	}{
		"it is recorded":     {nil, false},
		"it is not recorded": {world{untouched()}, true},
		"there is no row":    {world{views.Unclaimed()}, false},
		"it is another's":    {world{kept(another)}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			c := newCluster()
			out := c.step().Act(t.Context(), views.New(t, append(test.world, views.Mute(t))...))
			if writes := out.Reason == v1alpha1.ReasonServerUnreachable; writes != test.writes || c.created != 0 {
				t.Errorf("created %d, %+v", c.created, out)
			}
		})
	}
}

func TestWhatWentWrong(t *testing.T) {
	for sentence, test := range map[string]struct {
		refuse error
		random io.Reader
		kind   step.Kind
		says   string
		after  time.Duration
	}{
		"another operator was faster": {apierrors.NewAlreadyExists(schema.GroupResource{Resource: "secrets"}, secretName), nil, step.KindWaiting, "Secret " + secretName + " has just been created; reading it again", time.Second},
		"the Secret cannot be made":   {errors.New("quota"), nil, step.KindFailed, "creating Secret " + secretName + ": quota", 0},
		"there is no randomness":      {nil, iotest.ErrReader(errors.New("gone")), step.KindFailed, "reading random bytes: gone", 0},
		"there is no salt":            {nil, io.LimitReader(rand.NewChaCha8([32]byte{1}), 330), step.KindFailed, "reading random bytes", 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			c := newCluster()
			c.refuse = test.refuse
			s := c.step()
			if test.random != nil {
				s.Random = test.random
			}
			v := views.New(t, views.WithoutKeys(), untouched())
			out := s.Act(t.Context(), v)
			if out.Kind != test.kind || !strings.Contains(out.Message, test.says) || out.After != test.after {
				t.Errorf("got %+v", out)
			}
			if v.Live.Secrets.Keys != nil {
				t.Error("keys that were not stored are used")
			}
		})
	}
}
