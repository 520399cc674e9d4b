package dev.sigwarden.alert;

import java.util.List;

/// What to do about a finding on an entry, in order.
final class Steps {
  static final List<String> SIGNATURE =
      List.of(
          "Ask the owner whether this signature is theirs. Do not ask through the suspect account.",
          "If it is: add the artifact's digest to the watch's allowlist, with a comment that says"
              + " why, and close the finding.",
          "If it is not, keyless identity: disable the workflow or the trust in its OIDC issuer,"
              + " revoke sessions and tokens, look for abuse of secrets and caches.",
          "If it is not, long-lived key: revoke it where it is trusted (TUF root, registry, KMS),"
              + " and publish the revocation.",
          "Freeze releases. Quarantine or yank the artifact by its digest; search registries and"
              + " machines for that digest.",
          "The entry cannot be deleted from the log. Keep the evidence, write down the timeline"
              + " (logged, detected, acknowledged, contained), tell your users.");

  static final List<String> CERTIFICATE =
      List.of(
          "Ask the owner of the name whether this certificate is theirs: by whom, for which service,"
              + " with which key. The issuer's name says nothing by itself.",
          "If it is: add it to the watch's allowlist (sigwarden allow add), with a comment that says"
              + " why, and close the finding.",
          "If it is not: ask the authority to revoke it, with the certificate and the log entry as"
              + " evidence. Authorities have to answer within 24 hours.",
          "Look for how control of the name was proven: DNS records, mailboxes such as"
              + " hostmaster@, a web server or an account at a hosting provider that is not yours"
              + " any more.",
          "Replace what the name's users sent in the meantime: passwords, sessions, tokens. Restrict"
              + " issuance with CAA records.");

  static final List<String> LOOKALIKE =
      List.of(
          "Go by the field difference, not by the two names: they may be drawn the same.",
          "Ask the owner whether the name is theirs too. If it is: add it to a watch's identities,"
              + " which ends these alerts.",
          "If it is not: see what the artifact passes for, search registries and machines for its"
              + " digest, and report the name to whoever runs the host or the issuer.",
          "Check that your own verification policies name subject and issuer exactly, with no"
              + " expression that the look-alike fits.");

  static final List<String> CLAIM =
      List.of(
          "Nobody vouches for this certificate: most likely somebody tries out your name, or tests"
              + " a tool. Whoever verifies signatures as they should refuses it.",
          "Read why in `verified`. If the authority is one of your own, or new, the trusted root of"
              + " this log's configuration lacks it: mend that first, and run the commands above again.",
          "If your users check signatures by name only, without the authority, tell them to look for"
              + " the artifact's digest.");

  static final List<String> UNDECODABLE =
      List.of(
          "Look at the entry with the commands above: it was proven to be in the log, but could"
              + " not be read, so no watch judged it.",
          "If a watch is named: treat it as a signature by that identity until somebody has read"
              + " the entry.",
          "If the entry is well-formed, Sigwarden does not know its kind: upgrade, or report it.");

  private Steps() {}
}
