{{/* Where NATS is, who signed its certificate, and on which ports it listens. */}}

{{- define "bionas.nats.name" -}}
{{ include "bionas.fullname" . }}-nats
{{- end }}

{{- define "bionas.nats.url" -}}
{{- if .Values.nats.enabled -}}
{{ ternary "tls" "nats" .Values.nats.tls.enabled }}://{{ include "bionas.nats.name" . }}.{{ .Release.Namespace }}.svc:4222
{{- else -}}
{{ required "nats.external.url: expected where NATS is, as nats.enabled is false" .Values.nats.external.url }}
{{- end -}}
{{- end }}

{{/* Secret with tls.crt, tls.key and ca.crt of the chart's NATS. */}}
{{- define "bionas.nats.tlsSecret" -}}
{{- $tls := .Values.nats.tls -}}
{{- if eq $tls.source "secret" -}}
{{ required "nats.tls.secretName: expected a Secret, as nats.tls.source is secret" $tls.secretName }}
{{- else -}}
{{ include "bionas.nats.name" . }}-tls
{{- end -}}
{{- end }}

{{/* YAML of { secretName, key } with the authority that is no public one; empty where there is none. */}}
{{- define "bionas.nats.ca" -}}
{{- if not .Values.nats.enabled -}}
{{- if .Values.nats.external.ca.secretName }}{{ toYaml .Values.nats.external.ca }}{{ end -}}
{{- else if .Values.nats.tls.enabled -}}
secretName: {{ include "bionas.nats.tlsSecret" . }}
key: ca.crt
{{- end -}}
{{- end }}

{{/* Secret with the keys of auth callout; empty where there is none. */}}
{{- define "bionas.nats.keysSecret" -}}
{{- $nats := .Values.nats -}}
{{- if not $nats.enabled -}}
{{ $nats.external.authCallout.secretName }}
{{- else if $nats.authCallout.enabled -}}
{{ default (printf "%s-keys" (include "bionas.nats.name" .)) $nats.authCallout.secretName }}
{{- end -}}
{{- end }}

{{/* YAML list of the ports in the URLs of an external NATS, without doubles. */}}
{{- define "bionas.nats.externalPorts" -}}
{{- $ports := list -}}
{{- range splitList "," (printf "%s,%s" .Values.nats.external.url .Values.nats.external.trainerUrl) -}}
{{- with trim . -}}
{{- $port := regexFind ":[0-9]+$" . | trimPrefix ":" | default "4222" | atoi -}}
{{- $ports = append $ports $port -}}
{{- end -}}
{{- end -}}
{{- toYaml (uniq $ports) -}}
{{- end }}

{{/* Egress rules to DNS and NATS: what operator and trainers have in common. */}}
{{- define "bionas.egress" -}}
- to:
    {{- toYaml .Values.networkPolicy.dnsPeers | nindent 4 }}
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- if .Values.nats.enabled }}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .Release.Namespace }}
      podSelector:
        matchLabels:
          {{- include "bionas.selector" (dict "top" . "component" "nats") | nindent 10 }}
  ports:
    - { protocol: TCP, port: 4222 }
{{- else }}
- ports:
    {{- range fromYamlArray (include "bionas.nats.externalPorts" .) }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with .Values.networkPolicy.natsPeers }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
