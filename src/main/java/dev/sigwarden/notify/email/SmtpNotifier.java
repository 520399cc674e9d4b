package dev.sigwarden.notify.email;

import dev.sigwarden.notify.Blot;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.notify.UnusableException;
import dev.sigwarden.settings.Secret;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;

/// Hands mails to a mail server, one connection each, within one deadline.
///
/// Nobody is left untold: while the server takes a mail for some recipients and puts others off,
/// the attempt counts as failed and the next one goes to those who are missing. Who already has it
/// is remembered by message in memory only; after a restart all are told again under the same
/// `Message-ID`. A recipient whom the server refuses for good makes the delivery refused, once all
/// others were told, so that the operator hears of it.
final class SmtpNotifier implements Notifier {
  /// Messages of which it is remembered who has them; a message is forgotten earlier when it is
  /// done.
  private static final int MAX_REMEMBERED = 256;

  private final EmailOptions options;
  private final EmailOptions.Smtp smtp;
  private final AlertMail mail;
  private final Optional<AccessToken> token;
  private final Map<String, Set<String>> accepted =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  SmtpNotifier(EmailOptions options, AlertMail mail, Clock clock) {
    this.options = options;
    this.smtp = options.smtp().orElseThrow();
    this.mail = mail;
    this.token = smtp.oauth2().map(asked -> new AccessToken(asked, clock));
  }

  @Override
  public Delivery deliver(Message message) {
    boolean kept = token.isPresent() && token.get().isKept();
    Delivery delivery = attempt(message, false);
    if (delivery instanceof Delivery.Unauthorized && kept) {
      // The server may have ended a token before its time; a new one is worth one more attempt.
      token.get().forget();
      delivery = attempt(message, false);
    }
    if (delivery instanceof Delivery.Refused(String reason)
        && reason.startsWith(SmtpReply.CONTENT)) {
      delivery = attempt(message, true);
    }
    if (!(delivery instanceof Delivery.TryAgain)) {
      accepted.remove(message.key());
    }
    return delivery;
  }

  private Delivery attempt(Message message, boolean minimal) {
    SmtpSockets sockets =
        new SmtpSockets(
            smtp.cas()
                .map(TrustedCas::context)
                .map(context -> context.getSocketFactory())
                .orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault()));
    FutureTask<Delivery> task = new FutureTask<>(() -> send(message, minimal, sockets));
    Thread.ofVirtual().name("smtp").start(task);
    try {
      return task.get(smtp.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      sockets.end();
      // Whether the server has it is not known: the same Message-ID tells the repeat.
      return again("no end within " + smtp.deadline());
    } catch (InterruptedException e) {
      sockets.end();
      Thread.currentThread().interrupt();
      return again("stopped while sending");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      return again(PeerWords.of(e.getCause() == null ? e : e.getCause()));
    }
  }

  private Delivery send(Message message, boolean minimal, SmtpSockets sockets) {
    Session session = Session.getInstance(SmtpProperties.of(options, smtp, sockets));
    Blot blot = new Blot();
    try {
      MimeMessage content = minimal ? mail.minimal(session, message) : mail.full(session, message);
      String password = password();
      smtp.user().ifPresent(user -> hide(blot, user, password));
      try (Transport transport = session.getTransport("smtp")) {
        if (smtp.user().isPresent()) {
          transport.connect(smtp.host(), smtp.port(), smtp.user().get(), password);
        } else {
          transport.connect(smtp.host(), smtp.port(), null, null);
        }
        transport.sendMessage(content, missing(message.key()));
        return new Delivery.Delivered(String.valueOf(content.getMessageID()));
      }
    } catch (MessagingException e) {
      remember(message.key(), e);
      return SmtpReply.judge(e, blot, address(), options.to().size(), told(message.key()).size());
    } catch (UnusableException e) {
      return new Delivery.Unauthorized(PeerWords.clean(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      return new Delivery.TryAgain(
          PeerWords.clean(String.valueOf(e.getMessage())), Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return again("stopped while asking for a token");
    }
  }

  /// The password or access token now; empty without an account.
  private String password() throws IOException, InterruptedException {
    if (token.isPresent()) {
      return token.get().get();
    }
    Optional<Secret> secret = smtp.password();
    if (secret.isEmpty()) {
      return "";
    }
    try {
      return secret.get().read();
    } catch (IOException e) {
      throw new UnusableException(String.valueOf(e.getMessage()));
    }
  }

  /// Servers repeat commands in their refusals. RFC 4616 section 2, and XOAUTH2 as Google defines
  /// it.
  private static void hide(Blot blot, String user, String password) {
    blot.secret(password)
        .secret("\0" + user + "\0" + password)
        .secret(user + "\0" + user + "\0" + password)
        .secret("user=" + user + "\1auth=Bearer " + password + "\1\1");
  }

  private Address[] missing(String key) {
    Set<String> told = told(key);
    List<Address> missing = new ArrayList<>();
    for (MailAddress to : options.to()) {
      if (!told.contains(to.toString())) {
        missing.add(to.toInternetAddress());
      }
    }
    return missing.toArray(Address[]::new);
  }

  private Set<String> told(String key) {
    synchronized (accepted) {
      return Set.copyOf(accepted.getOrDefault(key, Set.of()));
    }
  }

  private void remember(String key, MessagingException failure) {
    if (failure instanceof SendFailedException sent && sent.getValidSentAddresses() != null) {
      synchronized (accepted) {
        Set<String> told = accepted.computeIfAbsent(key, _ -> new HashSet<>());
        for (Address address : sent.getValidSentAddresses()) {
          told.add(address.toString());
        }
      }
    }
  }

  private Delivery again(String reason) {
    return new Delivery.TryAgain(address() + ": " + reason, Optional.empty());
  }

  private String address() {
    return PeerWords.clean(smtp.host() + ":" + smtp.port());
  }

  /// No connection stays open between mails.
  @Override
  public void close() {
    token.ifPresent(AccessToken::close);
  }
}
