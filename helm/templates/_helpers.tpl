{{- define "sigwarden.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "sigwarden.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "sigwarden.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "sigwarden.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "sigwarden.selector" -}}
app.kubernetes.io/name: {{ include "sigwarden.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sigwarden.labels" -}}
{{ include "sigwarden.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "sigwarden.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "sigwarden.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "sigwarden.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "sigwarden.claim" -}}
{{- default (printf "%s-data" (include "sigwarden.fullname" .)) .Values.storage.sqlite.existingClaim -}}
{{- end -}}

{{/* What no schema can say: which values go together. */}}
{{- define "sigwarden.check" -}}
{{- $kind := .Values.storage.kind -}}
{{- if not .Values.config.contact -}}
{{- fail "config.contact: nothing (expected: an e-mail address or URL for log operators)" -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (ne $kind "postgresql") -}}
{{- fail (printf "replicas: %d with storage.kind %s (expected: 1, or storage.kind postgresql: a SQLite file has one owner)" (int .Values.replicas) $kind) -}}
{{- end -}}
{{- if eq $kind "postgresql" -}}
{{- if not .Values.storage.postgresql.host -}}
{{- fail "storage.postgresql.host: nothing (expected: the server's name)" -}}
{{- end -}}
{{- if not .Values.storage.postgresql.passwordSecret.name -}}
{{- fail "storage.postgresql.passwordSecret.name: nothing (expected: an existing Secret with the user's password)" -}}
{{- end -}}
{{- end -}}
{{- if and .Values.api.enabled (not .Values.api.tlsSecret) (not .Values.api.behindProxy) -}}
{{- fail "api.enabled: without TLS (expected: api.tlsSecret, or api.behindProxy: tokens would be sent in clear)" -}}
{{- end -}}
{{- $granted := dict -}}
{{- range $name, $_ := .Values.config.teams -}}
{{- $_ := set $granted $name true -}}
{{- end -}}
{{- range .Values.teams -}}
{{- if not (hasKey $granted .name) -}}
{{- fail (printf "teams: %s (expected: a team that config.teams names, with what it may use, once)" .name) -}}
{{- end -}}
{{- $_ := unset $granted .name -}}
{{- end -}}
{{- range $name, $_ := $granted -}}
{{- fail (printf "config.teams.%s: without a file (expected: an item of teams with its ConfigMap)" $name) -}}
{{- end -}}
{{- range $key := list "storage" "http" "probes" -}}
{{- if hasKey $.Values.config $key -}}
{{- fail (printf "config.%s: the chart writes it (expected: values under storage, api)" $key) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled .Values.networkPolicy.enabled (not .Values.networkPolicy.metricsFrom) -}}
{{- fail "networkPolicy.metricsFrom: nothing, so Prometheus could not reach what serviceMonitor names (expected: where Prometheus is)" -}}
{{- end -}}
{{- end -}}

{{/* The part of the configuration that counts from the next start on. */}}
{{- define "sigwarden.fixed" -}}
{{- $fixed := dict "probes" (dict "host" "0.0.0.0" "port" 8322) -}}
{{- if .Values.api.enabled -}}
{{- $http := dict "host" "0.0.0.0" "port" 8321 -}}
{{- if .Values.api.tlsSecret -}}
{{- $_ := set $http "tls" (dict "certificate" "/run/secrets/api/tls.crt" "key" "/run/secrets/api/tls.key") -}}
{{- else -}}
{{- $_ := set $http "behind-proxy" true -}}
{{- end -}}
{{- $_ := set $fixed "http" $http -}}
{{- end -}}
{{- if eq .Values.storage.kind "postgresql" -}}
{{- $db := .Values.storage.postgresql -}}
{{- $url := printf "postgresql://%s:%d/%s" $db.host (int $db.port) $db.database -}}
{{- $storage := dict "url" $url "folder" "/var/lib/sigwarden" "user" $db.user "password-file" (printf "/run/secrets/database/%s" $db.passwordSecret.key) -}}
{{- if $db.caConfigMap.name -}}
{{- $_ := set $storage "ca-file" (printf "/files/database/%s" $db.caConfigMap.key) -}}
{{- end -}}
{{- $_ := set $fixed "storage" (merge $storage $db.settings) -}}
{{- else -}}
{{- $_ := set $fixed "storage" (dict "url" "sqlite:/var/lib/sigwarden/sigwarden.db") -}}
{{- end -}}
{{- toYaml $fixed -}}
{{- end -}}

{{- define "sigwarden.volumeMounts" -}}
- {name: config, mountPath: /etc/sigwarden, readOnly: true}
- {name: data, mountPath: /var/lib/sigwarden}
- {name: tmp, mountPath: /tmp}
{{- if eq .Values.storage.kind "postgresql" }}
- {name: database, mountPath: /run/secrets/database, readOnly: true}
{{- if .Values.storage.postgresql.caConfigMap.name }}
- {name: database-ca, mountPath: /files/database, readOnly: true}
{{- end }}
{{- end }}
{{- if and .Values.api.enabled .Values.api.tlsSecret }}
- {name: api, mountPath: /run/secrets/api, readOnly: true}
{{- end }}
{{- range .Values.secretFiles }}
- {name: {{ printf "secret-%s" .folder | quote }}, mountPath: {{ printf "/run/secrets/%s" .folder | quote }}, readOnly: true}
{{- end }}
{{- range .Values.files }}
- {name: {{ printf "files-%s" .folder | quote }}, mountPath: {{ printf "/files/%s" .folder | quote }}, readOnly: true}
{{- end }}
{{- end -}}

{{/* All but the one of the state. */}}
{{- define "sigwarden.volumes" -}}
- name: config
{{- if .Values.teams }}
  # One volume, so that files that were changed together are seen together.
  projected:
    defaultMode: 0440
    sources:
      - configMap:
          name: {{ include "sigwarden.fullname" . }}
{{- range .Values.teams }}
{{- $team := .name }}
      - configMap:
          name: {{ .configMap | quote }}
          items:
            - {key: {{ default "sigwarden.yaml" .key | quote }}, path: {{ printf "teams/%s.yaml" $team | quote }}}
{{- range .files }}
            - {key: {{ . | quote }}, path: {{ printf "teams/%s/%s" $team . | quote }}}
{{- end }}
{{- if .secret }}
      - secret:
          name: {{ .secret | quote }}
          items:
{{- range .secretKeys }}
            - {key: {{ . | quote }}, path: {{ printf "teams/%s/%s" $team . | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- else }}
  configMap: {name: {{ include "sigwarden.fullname" . }}}
{{- end }}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.tmpSize }}}
{{- with .Values.storage.postgresql }}
{{- if eq $.Values.storage.kind "postgresql" }}
- name: database
  secret: {secretName: {{ .passwordSecret.name | quote }}, defaultMode: 0440}
{{- if .caConfigMap.name }}
- name: database-ca
  configMap: {name: {{ .caConfigMap.name | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.api.enabled .Values.api.tlsSecret }}
- name: api
  secret: {secretName: {{ .Values.api.tlsSecret | quote }}, defaultMode: 0440}
{{- end }}
{{- range .Values.secretFiles }}
- name: {{ printf "secret-%s" .folder | quote }}
  secret: {secretName: {{ .secret | quote }}, defaultMode: 0440}
{{- end }}
{{- range .Values.files }}
- name: {{ printf "files-%s" .folder | quote }}
  configMap: {name: {{ .configMap | quote }}}
{{- end }}
{{- end -}}

{{- define "sigwarden.container" -}}
image: {{ include "sigwarden.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
env:
  - {name: JDK_JAVA_OPTIONS, value: {{ .Values.jvm.options | quote }}}
{{- with .Values.secretEnv }}
envFrom:
{{- range . }}
  - secretRef: {name: {{ . | quote }}}
{{- end }}
{{- end }}
volumeMounts:
  {{- include "sigwarden.volumeMounts" . | nindent 2 }}
resources:
  {{- toYaml .Values.resources | nindent 2 }}
{{- end -}}

{{- define "sigwarden.pod" -}}
serviceAccountName: {{ include "sigwarden.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
