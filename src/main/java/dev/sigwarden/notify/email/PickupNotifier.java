package dev.sigwarden.notify.email;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.UnusableException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/// Writes each mail as a file `<id>.<key>.eml` that is complete from the moment it has that name. A
/// second attempt replaces the file by the same, so whoever collects the folder sees one mail.
final class PickupNotifier implements Notifier {
  private final Path folder;
  private final AlertMail mail;
  private final Session session = Session.getInstance(new Properties());

  PickupNotifier(Path folder, AlertMail mail) {
    this.folder = folder;
    this.mail = mail;
  }

  @Override
  public Delivery deliver(Message message) {
    String name =
        AlertMail.headerWord(message.alert().uid()) + "." + AlertMail.headerWord(message.key());
    try {
      MimeMessage content = mail.full(session, message);
      Files.createDirectories(folder);
      Path unfinished = folder.resolve("." + name + ".tmp");
      write(content, unfinished);
      Path finished = folder.resolve(name + ".eml");
      Files.move(
          unfinished,
          finished,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      // The name itself must survive a power cut too.
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
      return new Delivery.Delivered(finished.getFileName().toString());
    } catch (UnusableException e) {
      return new Delivery.Unauthorized(PeerWords.clean(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      return new Delivery.TryAgain("pickup folder: " + PeerWords.of(e), Optional.empty());
    } catch (MessagingException e) {
      return new Delivery.Refused("mail: " + PeerWords.of(e));
    }
  }

  private static void write(MimeMessage content, Path file) throws IOException, MessagingException {
    try (FileOutputStream out = new FileOutputStream(file.toFile());
        OutputStream buffered = new BufferedOutputStream(out)) {
      content.writeTo(buffered);
      buffered.flush();
      out.getFD().sync();
    }
  }

  @Override
  public void close() {}
}
