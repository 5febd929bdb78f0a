/// Where a program's text goes, and what its progress bars need to know.
package struct ScriptConsole {
  let write: (String) -> Void
  let note: (String) -> Void
  let isTerminal: Bool
  let isColored: Bool
  let now: () -> Double
  /// The columns that tables have room for.
  package var columns = 80

  /// - Parameters:
  ///   - write: takes what the program prints.
  ///   - note: takes what was accepted and ignored, a message with its place.
  ///   - isTerminal: whether a line can be written over.
  ///   - now: seconds since some moment.
  package init(
    isTerminal: Bool = false, isColored: Bool = false, now: @escaping () -> Double,
    note: @escaping (String) -> Void = { _ in }, write: @escaping (String) -> Void
  ) {
    self.write = write
    self.note = note
    self.isTerminal = isTerminal
    self.isColored = isColored
    self.now = now
  }
}
