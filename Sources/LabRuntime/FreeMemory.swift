#if canImport(Glibc)
import CMalloc
#endif

/// Memory that nothing uses any more goes back to the machine now and then.
///
/// Runs, pictures and lists come and go on several threads; what each leaves free lies between what
/// others still use, and malloc keeps it: after an hour in which much was opened, as much as is used.
package struct FreeMemory {
  package init() {}

  /// Seconds between two times. A time takes about as long as drawing a frame.
  private static let spacing = 20.0
  private var next = spacing
  /// Whether anything was done since the last time.
  private var isDue = false

  /// When it is time again, also for a lab that is left alone from now on; nil where nothing was done.
  package var deadline: Double? { isDue ? next : nil }

  /// Something was done, which may have left memory free.
  package mutating func noteWork() { isDue = true }

  /// Lets all threads take memory from one place; to be called before there are any. Of several places
  /// only the first is cut at its end: each of the others would keep the most that it ever took.
  package static func useOnePlace() {
    #if canImport(Glibc)
    mallopt(M_ARENA_MAX, 1)
    #endif
  }

  package mutating func giveBack(at now: Double) {
    guard isDue, now >= next else { return }
    (next, isDue) = (now + Self.spacing, false)
    #if canImport(Glibc)
    malloc_trim(0)
    #endif
  }
}
