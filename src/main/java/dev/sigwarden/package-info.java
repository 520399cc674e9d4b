/// Sigwarden watches transparency logs for signatures that nobody expected. This page is the map.
///
/// ```
///  schedule ─▶ tail ─▶ log ─▶ verify ─▶ entry ─▶ watch ─▶ store ─────────────▶ outbox ─▶ notify
///              one log  fetch  believe   decode   verdict  position, findings,  at least  channel
///              one turn                                    outbox: one commit   once
/// ```
///
/// A turn (`tail.LogTurn`, where reading starts) asks a log for its head, believes it only with a
/// trusted key's signature and the witnesses asked for (`verify`), places it in the history that it
/// continues, and then reads what is new, chunk by chunk: fetched (`log`), hashed (`merkle`),
/// decoded (`entry`), matched and judged (`watch`) as it arrives, proven against the signed head,
/// and only then written down, in one transaction with the position (`store`). What is worth
/// telling is put in words and routed (`alert`) and delivered at least once (`outbox`, `notify`).
///
/// | what is added | where | found by |
/// | --- | --- | --- |
/// | a log protocol | `log.<name>` | `@AutoService(LogProtocol.class)` |
/// | a family of logs | the same, with a `FamilySource` for a `LogSource` | the same |
/// | a ledger, whose entries receipts prove | the same, with a `LedgerSource` | the same |
/// | an entry kind | `entry.<name>` | `@AutoService(EntryDecoder.class)` |
/// | a channel | `notify.<name>` | `@AutoService(Channel.class)` |
///
/// | log | folders |
/// | --- | --- |
/// | C2SP tlog-tiles | `log.tiles`, `entry.raw` |
/// | Sigstore Rekor v1 | `log.rekor`, `entry.hashedrekord`, `entry.dsse`, `entry.x509` |
/// | Sigstore Rekor v2 | `log.rekortiles` on `log.tiles`, `entry.hashedrekord`, `entry.dsse`, `entry.x509` |
/// | all logs of a Sigstore instance | `log.sigstore` on `log.rekor` and `log.rekortiles`; `trust`, `tuf` |
/// | Certificate Transparency, RFC 6962 and static-ct-api | `log.ct` on `log.tiles` and `entry.json`, `entry.ct`, `entry.x509` |
/// | other entry kinds of Rekor | `entry.intoto`, `rekord`, `jar`, `alpine`, `rpm`, `helm`, `tuf`, `cose`, `rfc3161`; `entry.openpgp`, `keys`, `cms` read their signers |
/// | SCITT transparency services on CCF ledgers | `log.scitt`, `entry.scittstatement` on `cose`; `ledger` replays files of CCF ledgers |
///
/// `lookalike` says which names are easily taken for each other.
///
/// Between decoding and the verdict the certificates of entries that a watch selected are checked
/// (`trust`), against roots that are kept up to date (`tuf`): a name in a certificate is a claim.
///
/// A scan judges a range of a followed log once, beside its turns: `daemon.Scans` begins it,
/// `daemon.ScanWork` takes pieces of it in each process, and `tail.LogScan` judges them.
///
/// Several processes share the flow on one PostgreSQL database; `replica` says which tasks are
/// whose.
///
/// Around the flow: `settings` (strict configuration files), `daemon` (the running whole),
/// `health`, `api` (REST) and `access` (who may call it), `cli`, `bundle` and `cose` (Sigstore
/// bundles, and signed statements with their receipts, checked offline), `ledger` (files of CCF
/// ledgers), `peer` (other monitors' files), `text` (the one sanitiser), and `practice` (a log to
/// practise on). `ArchitectureTest` holds this map.
@NullMarked
package dev.sigwarden;

import org.jspecify.annotations.NullMarked;
