/// When is one name easily taken for another? Pure functions over text: `Place` says which parts of
/// a subject tell who is behind it, `Unveiled` takes off what hides a name (punycode, percent
/// signs, letters of other scripts), `Confusables` compares by the skeletons of UTS 39, `Edit` by
/// single edits, and `Nearby` finds the names near a given one without looking at all of them.
///
/// Knows the JDK and ICU4J only. Nothing here is loaded unless a watch asks for look-alikes.
@NullMarked
package dev.sigwarden.lookalike;

import org.jspecify.annotations.NullMarked;
