#if canImport(Glibc)
import CMalloc
#endif

/// Memory that nothing uses any more goes back to the machine now and then.
///
/// Runs, pictures and lists come and go on several threads; what each leaves free lies between what
/// others still use, and malloc keeps it: after an hour in which much was opened, as much as is used.
package struct FreeMemory {
  /// Seconds between two times. A time takes about as long as drawing a frame.
  private static let spacing = 20.0
  private var next = spacing

  /// Lets all threads take memory from one place; to be called before there are any. Of several places
  /// only the first is cut at its end: each of the others would keep the most that it ever took.
  package static func useOnePlace() {
    #if canImport(Glibc)
    mallopt(M_ARENA_MAX, 1)
    #endif
  }

  mutating func giveBack(at now: Double) {
    guard now >= next else { return }
    next = now + Self.spacing
    #if canImport(Glibc)
    malloc_trim(0)
    #endif
  }
}
