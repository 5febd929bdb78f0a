import Synchronization

/// A terminal without a screen: events are scripted, frames are kept.
@MainActor
package final class HeadlessTerminal: Terminal {
  package private(set) var size: Size
  package private(set) var ability: Ability
  package var theme = Theme.dark

  /// The last frame.
  package private(set) var grid: CellGrid
  package private(set) var cursor: Point?
  /// How many frames were presented.
  package private(set) var frameCount = 0
  package private(set) var clipboard = ""
  package private(set) var isMouseOn = true
  package private(set) var suspendCount = 0
  package private(set) var invalidateCount = 0

  private var queue: [Event] = []
  private let hasNews = Atomic<Bool>(false)

  package init(size: Size, ability: Ability = .full) {
    self.size = size
    self.ability = ability
    grid = CellGrid(size: size, ability: ability)
  }

  /// Puts events in the queue of the next `wait`; a `.resize` also changes the size.
  package func send(_ events: Event...) {
    for event in events {
      if case .resize(let size) = event { self.size = size }
      queue.append(event)
    }
  }

  /// Types a text, a key a character; line ends are the Enter key.
  package func type(_ text: String) {
    for character in text {
      queue.append(.key(character.isNewline ? .enter : .character(character), []))
    }
  }

  /// Returns the queue at once: there is nobody to wait for.
  package func wait(for timeout: Duration?) -> [Event] {
    defer { queue = [] }
    return (hasNews.exchange(false, ordering: .acquiringAndReleasing) ? [.wake] : []) + queue
  }

  package func present(_ grid: CellGrid, cursor: Point?) {
    self.grid = grid
    self.cursor = cursor
    frameCount += 1
  }

  package func copyToClipboard(_ text: String) { clipboard = text }
  package func adopt(_ choice: LookChoice) {
    let colors = choice.color == .indexed ? 256 : choice.color == .bright ? 16 : 1 << 24
    ability = Ability(
      depth: choice.color.depth(colors: colors), glyphs: choice.glyphs ?? ability.glyphs)
    theme = Theme(name: choice.theme ?? .dark)
    isMouseOn = choice.isMouseOn ?? true
  }

  package func setMouse(_ isOn: Bool) { isMouseOn = isOn }
  package func invalidate() { invalidateCount += 1 }
  package func suspend() { suspendCount += 1 }
  package nonisolated func wake() { hasNews.store(true, ordering: .releasing) }
}
