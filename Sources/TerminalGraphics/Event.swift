/// A key of the keyboard; a typed character is a key as well.
package enum Key: Hashable, Sendable {
  case character(Character)
  case enter, escape, tab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  case function(Int)
}

/// Keys held together with another.
package struct Modifiers: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let shift = Modifiers(rawValue: 1)
  package static let alt = Modifiers(rawValue: 2)
  package static let control = Modifiers(rawValue: 4)
}

/// What the mouse did, and where.
package struct Mouse: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case press, release, drag, wheelUp, wheelDown
  }

  package enum Button: Hashable, Sendable {
    case left, middle, right, none
  }

  package var action: Action
  package var button: Button
  package var point: Point
  package var modifiers: Modifiers

  package init(_ action: Action, _ button: Button, at point: Point, _ modifiers: Modifiers = []) {
    self.action = action
    self.button = button
    self.point = point
    self.modifiers = modifiers
  }
}

/// Something that happened at the terminal.
package enum Event: Equatable, Sendable {
  /// A key; typed characters arrive one by one as `.key(.character(c), [])`, an upper-case letter
  /// without `.shift`.
  case key(Key, Modifiers)
  /// Pasted text; its lines end in `\n`.
  case paste(String)
  case mouse(Mouse)
  /// The window has another size: lay out and draw again.
  case resize(Size)
  /// Somebody called `wake()`: there is news.
  case wake
  /// The program was stopped and goes on, or the screen was disturbed: draw all again.
  case redraw
  /// The terminal has said what its background is like.
  case background(Theme.Name)
  /// A signal asks the program to leave: hang-up is 1, interrupt 2, terminate 15.
  case leave(signal: Int32)
}
