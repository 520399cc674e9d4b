/// The only Quartz: decides when a turn runs. What a turn does is safe to run twice.
@NullMarked
package dev.sigwarden.schedule;

import org.jspecify.annotations.NullMarked;
