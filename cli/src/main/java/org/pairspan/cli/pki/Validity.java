package org.pairspan.cli.pki;

import java.time.Duration;

/** How long a certificate is valid; a type of its own, so that picocli's own reader of durations is not asked. */
record Validity(Duration duration) {
}
