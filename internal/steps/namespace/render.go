package namespace

import (
	"fmt"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	rbacv1ac "k8s.io/client-go/applyconfigurations/rbac/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Render lists what fences the namespace in. The operator's own RoleBinding is not
// among it: Act writes that one, since it must be there before the rest.
func (s *Step) Render(v step.View) ([]step.Applicable, error) {
	objects := []step.Applicable{quota(v), limits(v), serviceAccount(v)}
	objects = append(objects, policies(v)...)
	for _, grant := range v.Settings.Access {
		objects = append(objects, grantAccess(v, grant))
	}
	if s.Hot {
		objects = append(objects, binding(v, names.OperatorHot, names.RoleHot, s.operator()))
	}
	return objects, nil
}

// operatorAccess lets the operator write in this namespace and read its Secrets.
func (s *Step) operatorAccess(v step.View) step.Applicable {
	return binding(v, names.OperatorAccess, names.RoleOperator, s.operator())
}

func (s *Step) operator() *rbacv1ac.SubjectApplyConfiguration {
	return rbacv1ac.Subject().
		WithKind(rbacv1.ServiceAccountKind).WithNamespace(s.Operator.Namespace).WithName(s.Operator.Name)
}

func grantAccess(v step.View, grant v1alpha1.AccessGrant) step.Applicable {
	subject := rbacv1ac.Subject().
		WithKind(string(grant.Kind)).WithAPIGroup(rbacv1.GroupName).WithName(grant.Name)
	return binding(v, grantName(grant), names.RoleFor(grant.Role), subject)
}

func binding(v step.View, name, role string, subject *rbacv1ac.SubjectApplyConfiguration) step.Applicable {
	return rbacv1ac.RoleBinding(name, v.Settings.Namespace).
		WithRoleRef(rbacv1ac.RoleRef().WithAPIGroup(rbacv1.GroupName).WithKind("ClusterRole").WithName(role)).
		WithSubjects(subject)
}

// slug is how much of a subject's name its RoleBinding shows.
const slug = 40

// grantName is <role>-<subject>-<digest>, for example support-asha-support-4c1f9a02.
// The role is part of it since a RoleBinding's roleRef cannot change.
func grantName(grant v1alpha1.AccessGrant) string {
	readable := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(grant.Name))
	if len(readable) > slug {
		readable = readable[:slug]
	}
	digest := names.Digest(8, string(grant.Kind), grant.Name)
	return fmt.Sprintf("%s-%s-%s", strings.ToLower(string(grant.Role)), strings.Trim(readable, "-"), digest)
}

// serviceAccount is what the tenant's pods run as. Nothing is bound to it, and no
// pod is given its token.
func serviceAccount(v step.View) step.Applicable {
	return corev1ac.ServiceAccount(names.ServiceAccount, v.Settings.Namespace).WithAutomountServiceAccountToken(false)
}
