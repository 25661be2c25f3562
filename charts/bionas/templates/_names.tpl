{{/* Names, labels and images. Those that take more than the root get a dict with `top`. */}}

{{- define "bionas.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $made := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $made .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* top, component */}}
{{- define "bionas.selector" -}}
app.kubernetes.io/name: {{ default .top.Chart.Name .top.Values.nameOverride }}
app.kubernetes.io/instance: {{ .top.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* top, component */}}
{{- define "bionas.labels" -}}
{{- $own := fromYaml (include "bionas.selector" .) -}}
{{- $_ := set $own "app.kubernetes.io/part-of" "bionas" -}}
{{- $_ := set $own "app.kubernetes.io/version" .top.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .top.Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .top.Chart.Name .top.Chart.Version | replace "+" "_") -}}
{{- toYaml (merge $own .top.Values.commonLabels) -}}
{{- end }}

{{/* top, name, component; in another namespace where `namespace` says so */}}
{{- define "bionas.metadata" -}}
name: {{ .name }}
namespace: {{ default .top.Release.Namespace .namespace }}
labels:
  {{- include "bionas.labels" . | nindent 2 }}
{{- end }}

{{/* top, image */}}
{{- define "bionas.image" -}}
{{- $name := .image.repository -}}
{{- with .top.Values.imageRegistry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $name }}{{ end -}}
{{- $tag := printf ":%s" (default .top.Chart.AppVersion .image.tag) -}}
{{- $name }}{{ ternary $tag (printf "@%s" .image.digest) (empty .image.digest) -}}
{{- end }}

{{- define "bionas.operator.account" -}}
{{- $account := .Values.operator.serviceAccount -}}
{{- $own := ternary (printf "%s-operator" (include "bionas.fullname" .)) "default" $account.create -}}
{{- default $own $account.name -}}
{{- end }}

{{- define "bionas.trainer.account" -}}
{{- $account := .Values.trainer.serviceAccount -}}
{{- default (ternary "bionas-trainer" "" $account.create) $account.name -}}
{{- end }}

{{/* Annotations of what is there before the release, and not part of it; the lowest weight comes first. */}}
{{- define "bionas.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}

{{/* A YAML list. */}}
{{- define "bionas.searchNamespaces" -}}
{{- $one := list (default .Release.Namespace .Values.watchNamespace) -}}
{{- toYaml (default $one .Values.searchNamespaces) -}}
{{- end }}

{{/* What no container may do, under Pod Security `restricted` and beyond it. */}}
{{- define "bionas.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* top, component, settings: where Pods land. */}}
{{- define "bionas.placement" -}}
{{- with .settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
{{- if .settings.topologySpreadConstraints }}
  {{- toYaml .settings.topologySpreadConstraints | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "bionas.selector" . | nindent 8 }}
{{- end }}
{{- end }}

{{- define "bionas.dashboard.account" -}}
{{- $account := .Values.dashboard.serviceAccount -}}
{{- $own := ternary (printf "%s-dashboard" (include "bionas.fullname" .)) "default" $account.create -}}
{{- default $own $account.name -}}
{{- end }}
