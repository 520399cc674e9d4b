package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.ReceiptVerdict.Invalid;
import dev.sigwarden.cose.ReceiptVerdict.Position.Leaf;
import dev.sigwarden.cose.ReceiptVerdict.Position.Transaction;
import dev.sigwarden.cose.ReceiptVerdict.Proven;
import dev.sigwarden.cose.ReceiptVerdict.Unproven;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.merkle.TreeHead;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceiptCheckTest {
  private static final int LARGEST = 18;
  private static final ScittForge FORGE = new ScittForge();
  private static final byte[] STATEMENT = FORGE.statement("app", "release 1");

  private static ReceiptVerdict check(byte[] receipt, ReceiptKeys keys)
      throws MalformedCoseException {
    return new ReceiptCheck(keys, LeafForm.DIGEST).check(SignedStatement.parse(STATEMENT), receipt);
  }

  @Test
  void every_position_in_every_small_ledger_is_proven() throws Exception {
    for (int size = 2; size <= LARGEST; size++) {
      for (int index = 1; index < size; index++) {
        TxId registered = new TxId(2, index);
        TxId signed = new TxId(3, size);

        ReceiptVerdict verdict = check(FORGE.receipt(STATEMENT, registered, signed), FORGE.keys());

        assertThat(verdict)
            .isInstanceOfSatisfying(
                Proven.class,
                proven -> {
                  assertThat(proven.position()).isEqualTo(new Transaction(registered, signed));
                  assertThat(proven.head().size()).isEqualTo(signed.seqno());
                  assertThat(proven.issuedAt()).contains(ScittForge.NOW);
                  assertThat(proven.key()).isEqualTo(FORGE.serviceKey().spkiSha256());
                });
      }
    }
  }

  @Test
  void receipt_that_says_another_position_than_its_path_has_is_refused() throws Exception {
    byte[] receipt = FORGE.receipt(STATEMENT, new TxId(2, 5), new TxId(2, 8));
    String hex = java.util.HexFormat.of().formatHex(receipt);
    // The 8 in "2.8", which the service's signature is over: another service would sign it so.
    for (int other = 1; other <= 9; other++) {
      byte[] moved = java.util.HexFormat.of().parseHex(hex.replace("63322e38", "63322e3" + other));

      ReceiptVerdict verdict = check(moved, FORGE.keys());

      assertThat(verdict)
          .as("signed in 2.%d", other)
          .isInstanceOf(other == 8 ? Proven.class : Invalid.class);
    }
  }

  @Test
  void view_of_the_signature_is_not_before_that_of_the_registration() throws Exception {
    assertThat(check(FORGE.receipt(STATEMENT, new TxId(4, 5), new TxId(3, 8)), FORGE.keys()))
        .isEqualTo(new Invalid("receipt: transaction 4.5 signed by 3.8, which is not behind it"));
  }

  @Test
  void key_counts_only_for_the_service_that_it_was_configured_for() throws Exception {
    byte[] receipt = FORGE.receipt(STATEMENT, new TxId(2, 5), new TxId(2, 8));
    CoseKey key = FORGE.serviceKey();
    ReceiptKeys anybody = ReceiptKeys.of(List.of(new ReceiptKeys.Entry(key, "", Optional.empty())));
    ReceiptKeys other =
        ReceiptKeys.of(List.of(new ReceiptKeys.Entry(key, "other.example", Optional.empty())));

    assertThat(check(receipt, anybody)).isInstanceOf(Proven.class);
    assertThat(check(receipt, other)).isInstanceOf(Unproven.class);
    assertThat(check(receipt, ReceiptKeys.of(List.of()))).isInstanceOf(Unproven.class);
  }

  @Test
  void name_that_a_key_was_given_is_none_for_a_ccf_receipt() throws Exception {
    byte[] receipt = FORGE.receipt(STATEMENT, new TxId(2, 5), new TxId(2, 8));
    CoseKey stranger = CoseKey.of(ScittForge.ec("secp384r1").getPublic());
    ReceiptKeys renamed =
        ReceiptKeys.of(
            List.of(
                new ReceiptKeys.Entry(
                    stranger,
                    "",
                    Optional.of(ReceiptKeys.ofText(FORGE.serviceKey().spkiSha256().toHex())))));

    assertThat(check(receipt, renamed)).isInstanceOf(Unproven.class);
  }

  @ParameterizedTest
  @EnumSource(LeafForm.class)
  void receipts_of_rfc_9162_are_proven_in_the_form_that_their_log_has(LeafForm form)
      throws Exception {
    KeyPair log = ScittForge.key("Ed25519", 0);
    ReceiptKeys keys =
        ReceiptKeys.of(
            List.of(
                new ReceiptKeys.Entry(
                    CoseKey.of(log.getPublic()), "", Optional.of(ReceiptKeys.ofText("k1")))));
    Hash leaf =
        form == LeafForm.DIGEST
            ? Hash.ofLeaf(Hash.ofData(STATEMENT).toBytes())
            : Hash.ofLeaf(STATEMENT);

    for (String kid : new String[] {"k1", "", "k2"}) {
      ReceiptVerdict verdict =
          new ReceiptCheck(keys, form)
              .check(
                  SignedStatement.parse(ScittForge.transparent(STATEMENT, new byte[] {1})),
                  rfc9162(log, kid, leaf));

      if (kid.equals("k2")) {
        assertThat(verdict).isInstanceOf(Unproven.class);
      } else {
        assertThat(verdict)
            .isInstanceOfSatisfying(
                Proven.class, proven -> assertThat(proven.position()).isEqualTo(new Leaf(2)));
      }
    }
    LeafForm other = form == LeafForm.DIGEST ? LeafForm.STATEMENT : LeafForm.DIGEST;
    assertThat(
            new ReceiptCheck(keys, other)
                .check(SignedStatement.parse(STATEMENT), rfc9162(log, "k1", leaf)))
        .isInstanceOf(Invalid.class);
  }

  /// A tree of five leaves with the given one at 2.
  private static byte[] rfc9162(KeyPair log, String kid, Hash leaf) {
    Hash[] leaves = ScittForge.leaves(5);
    leaves[2] = leaf;
    CompactRange range = CompactRange.empty();
    for (Hash one : leaves) {
      range.append(one);
    }
    List<Hash> path = List.of(leaves[3], Hash.ofChildren(leaves[0], leaves[1]), leaves[4]);
    assertThat(new InclusionProof(path).holds(2, leaf, range.head())).isTrue();
    CborWriter proof = new CborWriter().array(3).integer(5).integer(2).array(3);
    path.forEach(hash -> proof.bytes(hash.toBytes()));
    CborWriter header = new CborWriter().map(kid.isEmpty() ? 2 : 3).integer(1).integer(-8);
    header.integer(395).integer(1);
    if (!kid.isEmpty()) {
      header.integer(4).bytes(kid.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    byte[] root = range.root().toBytes();
    return new CborWriter()
        .tag(18)
        .array(4)
        .bytes(header.toBytes())
        .map(1)
        .integer(396)
        .map(1)
        .integer(-1)
        .array(1)
        .bytes(proof.toBytes())
        .nil()
        .bytes(ScittForge.signature(header.toBytes(), root, CoseAlgorithm.EDDSA, log.getPrivate()))
        .toBytes();
  }

  @Test
  void consistency_holds_between_all_small_ledgers_by_the_one_path() throws Exception {
    for (int newer = 2; newer <= LARGEST; newer++) {
      for (int older = 1; older < newer; older++) {
        CcfConsistency proof = consistency(older, newer, 0);
        TreeHead from = ScittForge.head(older);
        TreeHead to = ScittForge.head(newer);

        assertThat(proof.holds(from, to)).as("%d to %d", older, newer).isTrue();
        assertThat(proof.holds(new TreeHead(older, Hash.emptyRoot()), to)).isFalse();
        assertThat(proof.holds(from, new TreeHead(newer, Hash.emptyRoot()))).isFalse();
        assertThat(proof.holds(to, from)).isFalse();
        for (int level = 1; older % (1 << level) == 0; level++) {
          assertThat(consistency(older, newer, level).holds(from, to))
              .as("%d to %d from a deeper anchor", older, newer)
              .isFalse();
        }
      }
    }
  }

  /// The proof from the subtree `deeper` levels below the one that it should start from.
  private static CcfConsistency consistency(int older, int newer, int deeper) throws Exception {
    int size = Integer.lowestOneBit(older) >> deeper;
    Hash[] leaves = ScittForge.leaves(newer);
    List<byte[]> steps = new ArrayList<>();
    ScittForge.path(leaves, 0, newer, older - size, older, steps);
    CborWriter proof = new CborWriter().map(2).integer(1);
    proof.bytes(ScittForge.root(leaves, older - size, older).toBytes()).integer(2);
    proof.array(steps.size());
    steps.forEach(proof::encoded);
    return CcfConsistency.parse(proof.toBytes());
  }

  @Test
  void consistency_receipt_is_signed_by_the_service_or_proves_nothing() throws Exception {
    int size = 4;
    Hash[] leaves = ScittForge.leaves(9);
    List<byte[]> steps = new ArrayList<>();
    ScittForge.path(leaves, 0, 9, 0, size, steps);
    CborWriter proof = new CborWriter().map(2).integer(1);
    proof.bytes(ScittForge.head(size).root().toBytes()).integer(2).array(steps.size());
    steps.forEach(proof::encoded);
    byte[] proofs = new CborWriter().map(1).integer(-2).array(1).bytes(proof.toBytes()).toBytes();
    Receipt receipt =
        Receipt.parse(FORGE.ccfReceipt(new TxId(2, 9), proofs, ScittForge.head(9).root()));
    Receipt unsigned =
        Receipt.parse(FORGE.ccfReceipt(new TxId(2, 9), proofs, ScittForge.head(8).root()));
    ReceiptCheck check = new ReceiptCheck(FORGE.keys(), LeafForm.DIGEST);

    assertThat(check.continues(ScittForge.head(4), receipt)).contains(ScittForge.head(9));
    assertThat(check.continues(ScittForge.head(3), receipt)).isEmpty();
    assertThat(check.continues(ScittForge.head(4), unsigned)).isEmpty();
  }
}
