{{/* The Pod template under that of every search, as --trainer-template takes it. */}}
{{- define "bionas.trainerTemplate" -}}
{{- $trainer := .Values.trainer -}}
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
  securityContext:
    {{- toYaml $trainer.podSecurityContext | nindent 4 }}
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
      securityContext:
        {{- include "bionas.containerSecurityContext" . | nindent 8 }}
      {{- with $trainer.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $trainer.env }}
      env:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if $trainer.dataset.claimName }}
        - name: dataset
          mountPath: {{ $trainer.dataset.mountPath }}
          readOnly: true
        {{- end }}
        {{- with $trainer.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        {{- $scratch := dict }}
        {{- range $field := list "sizeLimit" "medium" }}
        {{- with get $trainer.scratch $field }}{{ $_ := set $scratch $field . }}{{ end }}
        {{- end }}
        {{- toYaml $scratch | nindent 8 }}
    {{- with $trainer.dataset.claimName }}
    - name: dataset
      persistentVolumeClaim:
        claimName: {{ . }}
        readOnly: true
    {{- end }}
    {{- with $trainer.volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
