/// A screen and a keyboard: events in, frames out. Used by the main actor alone, but for `wake`.
@MainActor
package protocol Terminal: AnyObject, Sendable {
  var size: Size { get }
  var ability: Ability { get }
  var theme: Theme { get set }

  /// Sleeps until something happens, at most for `timeout` (nil: without end), and returns what
  /// happened; nothing when the time is over.
  func wait(for timeout: Duration?) -> [Event]

  /// Shows a frame; the hardware cursor goes to `cursor`, or hides.
  func present(_ grid: CellGrid, cursor: Point?)

  /// The next frame is painted anew, cell by cell: something else may have drawn on the screen.
  func invalidate()

  /// Puts a text on the user's clipboard, where the terminal allows it (OSC 52).
  func copyToClipboard(_ text: String)

  /// Looks as chosen from now on, as far as the terminal can: `ability` and `theme` tell how far.
  func adopt(_ choice: LookChoice)

  /// Takes the mouse, or leaves it to the terminal's own selection.
  func setMouse(_ isOn: Bool)

  /// Stops the program as ^Z does in a shell, and returns when it goes on.
  func suspend()

  /// Makes `wait` return with `.wake`; any thread may call it, at any rate.
  nonisolated func wake()
}

extension Terminal {
  /// What has happened by now, without waiting.
  package func events() -> [Event] { wait(for: .zero) }

  /// A grid of the terminal's size and ability to draw a frame into.
  package func emptyGrid() -> CellGrid { CellGrid(size: size, ability: ability) }
}
