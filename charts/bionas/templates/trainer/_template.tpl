{{/*
The Pod template under that of every search, as --trainer-template takes it. Under it lies the operator's own, which is
restricted and has a volume named tmp at /tmp.
*/}}
{{- define "bionas.trainerTemplate" -}}
{{- $trainer := .Values.trainer -}}
{{- $volumes := $trainer.volumes -}}
{{- $mounts := $trainer.volumeMounts -}}
{{- with $trainer.dataset.claimName -}}
{{- $volumes = append $volumes (dict "name" "dataset" "persistentVolumeClaim" (dict "claimName" . "readOnly" true)) -}}
{{- $mounts = append $mounts (dict "name" "dataset" "mountPath" $trainer.dataset.mountPath "readOnly" true) -}}
{{- end -}}
{{- $scratch := dict -}}
{{- range $field := list "sizeLimit" "medium" -}}
{{- with get $trainer.scratch $field }}{{ $_ := set $scratch $field . }}{{ end -}}
{{- end -}}
{{- with $scratch }}{{ $volumes = append $volumes (dict "name" "tmp" "emptyDir" .) }}{{ end -}}
metadata:
  labels:
    {{- toYaml (merge (fromYaml (include "bionas.selector" (dict "top" . "component" "trainer"))) $trainer.labels .Values.commonLabels) | nindent 4 }}
  {{- with $trainer.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with include "bionas.trainer.account" . }}
  serviceAccountName: {{ . }}
  {{- end }}
  {{- with (default .Values.imagePullSecrets $trainer.imagePullSecrets) }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $trainer.podSecurityContext }}
  securityContext:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- range $field := list "nodeSelector" "tolerations" "affinity" "runtimeClassName" "schedulerName" "priorityClassName" }}
  {{- with get $trainer $field }}
  {{ $field }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with $trainer.podSpec }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  containers:
    - name: trainer
      imagePullPolicy: {{ $trainer.image.pullPolicy }}
      {{- with $trainer.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $trainer.env }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $mounts }}
      volumeMounts:
        {{- toYaml . | nindent 8 }}
      {{- end }}
  {{- with $volumes }}
  volumes:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
