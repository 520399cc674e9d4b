package dev.sigwarden.notify.email;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.PeerWords;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/// What a mail server's refusal means: 4yz is worth another attempt, 5yz is not. RFC 5321 section
/// 4.2.1.
final class SmtpReply {
  /// How the reason begins if the server refused the mail for what stands in it.
  static final String CONTENT = "content refused";

  /// Links of a chain of exceptions that are followed: two for each recipient are possible.
  private static final int MAX_CHAIN = 200;

  /// Refused recipients that a reason names.
  private static final int MAX_LISTED = 3;

  private SmtpReply() {}

  /// The outcome of an attempt that ended with `failure`.
  ///
  /// @param server the server, for the reason
  /// @param recipients how many there are
  /// @param told how many have the mail
  static Delivery judge(MessagingException failure, String server, int recipients, int told) {
    List<Integer> codes = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    boolean sender = false;
    @Nullable Exception link = failure;
    for (int i = 0; link != null && i < MAX_CHAIN; i++) {
      switch (link) {
        case SMTPAddressFailedException refused -> {
          codes.add(refused.getReturnCode());
          refusals.add(refused.getAddress() + " (" + words(refused) + ")");
        }
        case SMTPSenderFailedException refused -> {
          codes.add(refused.getReturnCode());
          sender = true;
        }
        case SMTPSendFailedException refused -> codes.add(refused.getReturnCode());
        default -> {
          // A plain failure says nothing that a code would.
        }
      }
      link = link instanceof MessagingException next ? next.getNextException() : null;
    }
    String reason =
        refusals.isEmpty()
            ? server + ": " + PeerWords.of(speaking(failure))
            : "%d of %d recipients have it; %s refuses %s"
                .formatted(told, recipients, server, listed(refusals));
    if (failure instanceof AuthenticationFailedException) {
      return new Delivery.Unauthorized(reason);
    }
    codes.removeIf(code -> code < 400 || code > 599);
    if (codes.isEmpty()) {
      return isMissingStartTls(failure)
          ? new Delivery.Unauthorized(reason)
          : new Delivery.TryAgain(reason, Optional.empty());
    }
    if (codes.stream().anyMatch(code -> code < 500)) {
      return new Delivery.TryAgain(reason, Optional.empty());
    }
    // 530: authenticate, or use TLS, first. A refused sender is no fault of this mail either.
    if (sender || codes.contains(530)) {
      return new Delivery.Unauthorized(reason);
    }
    if (!refusals.isEmpty()) {
      return new Delivery.Refused(reason);
    }
    boolean content = codes.contains(552) || codes.contains(554);
    return new Delivery.Refused(content ? CONTENT + " by " + reason : reason);
  }

  /// What says most: of a failure to read that is what went wrong on the way.
  private static Throwable speaking(MessagingException failure) {
    boolean says = failure.getClass() != MessagingException.class;
    return !says && failure.getNextException() instanceof IOException cause ? cause : failure;
  }

  private static String words(MessagingException refusal) {
    return PeerWords.clean(String.valueOf(refusal.getMessage()));
  }

  /// The first refusals; a reason is read in a line.
  private static String listed(List<String> refusals) {
    int shown = Math.min(MAX_LISTED, refusals.size());
    String more = refusals.size() > shown ? " and " + (refusals.size() - shown) + " more" : "";
    return String.join(", ", refusals.subList(0, shown)) + more;
  }

  /// The library has no type for it.
  private static boolean isMissingStartTls(MessagingException failure) {
    return String.valueOf(failure.getMessage()).contains("STARTTLS is required");
  }
}
