package dev.sigwarden.peer;

/// A file is none of the monitor's.
public final class MalformedPeerFileException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPeerFileException(String message) {
    super(message);
  }
}
