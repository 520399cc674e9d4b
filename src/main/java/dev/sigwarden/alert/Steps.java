package dev.sigwarden.alert;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.StatementSigner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to do about a finding on an entry, in order.
final class Steps {
  private static final String ASK =
      "Ask the owner whether this signature is theirs. Do not ask through the suspect account.";

  private static final String EXPECT =
      "If it is: add the artifact's digest to the watch's allowlist, with a reason, and close the"
          + " finding as benign.";

  private static final String FREEZE =
      "Freeze releases. Quarantine or yank the artifact by its digest; search registries and"
          + " machines for that digest.";

  private static final String KEEP =
      "The entry cannot be deleted from the log. Keep the evidence, write down the timeline"
          + " (logged, detected, acknowledged, contained), tell your users.";

  private static final String KEYLESS =
      "If it is not: disable the workflow, or the trust in its OIDC issuer; revoke sessions and"
          + " tokens; look for abuse of secrets and caches. The key itself is gone: there is none to"
          + " revoke.";

  private static final String LONG_LIVED =
      "If it is not: revoke the key where it is trusted (TUF root, registry, KMS), publish the"
          + " revocation, and find out what else it signed.";

  private static final String CERTIFIED =
      "If it is not: have the authority revoke the certificate, take its key out of use where it"
          + " is kept (KMS, HSM, build machine), and find out what else it signed.";

  private static final String PGP =
      "If it is not: publish the key's revocation certificate to key servers and where users fetch"
          + " the key, take the key out of package indexes, and find out what else it signed.";

  private static final String STATEMENT =
      "If it is not: tell the ledger's operator, take the issuer's certificate or DID key out of"
          + " use, and find out which other statements it signed.";

  /// What to do about an unexpected signature, by what kind of key made it.
  ///
  /// @param signer who signed; null if the entry names nobody
  static List<String> signature(@Nullable Signer signer) {
    return switch (signer) {
      case null -> steps(LONG_LIVED);
      case IssuedCertificate _ -> CERTIFICATE;
      case CertificateSigner certificate ->
          steps(certificate.issuer().isEmpty() ? CERTIFIED : KEYLESS);
      case PgpSigner _ -> steps(PGP);
      case KeySigner _ -> steps(LONG_LIVED);
      case StatementSigner _ -> steps(STATEMENT);
    };
  }

  private static List<String> steps(String contain) {
    return List.of(ASK, EXPECT, contain, FREEZE, KEEP);
  }

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
