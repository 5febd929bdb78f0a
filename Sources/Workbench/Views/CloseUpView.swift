import Datasets
import TerminalGraphics
import Training

/// A view: a close look at one layer, or at what goes into the network and comes out. One file, and
/// one line in `ViewCatalog`.
protocol CloseUpView: Sendable {
  static var kind: CloseUp { get }
  /// As menus and the panel name it.
  static var name: String { get }
  /// A line that says what one sees.
  static var help: String { get }
  /// What has it: `a convolution or a pooling`.
  static var fits: String { get }
  /// What the arrows do, and what the parts and channels are; empty where there is only one.
  static var moves: String { get }
  static var part: String { get }
  static var channel: String { get }

  /// How far one can move in a picture; nil when it is of another view.
  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent?
  /// As the panel names a picture of it.
  static func title(_ picture: CloseUpPicture) -> String
  static func draw(_ look: CloseUpLook, on grid: inout CellGrid)
  /// Moves by an arrow.
  static func move(_ key: Key, _ picture: CloseUpPicture, _ interest: inout CloseUpInterest)
}

extension CloseUpView {
  static var part: String { "" }
  static var channel: String { "" }

  static func title(_ picture: CloseUpPicture) -> String { name }

  static func move(_ key: Key, _ picture: CloseUpPicture, _ interest: inout CloseUpInterest) {
    guard let extent = extent(picture) else { return }
    interest.step(key, in: extent)
  }
}

/// Every view: one line registers one.
enum ViewCatalog {
  static let all: [any CloseUpView.Type] = [
    KernelView.self, AttentionView.self, GatesView.self, EmbeddingView.self, OutputsView.self,
    WalkView.self,
  ]

  static func view(_ kind: CloseUp) -> any CloseUpView.Type {
    all.first { $0.kind == kind } ?? OutputsView.self
  }
}

/// How many of everything there are to choose from.
struct CloseUpExtent: Hashable, Sendable {
  var rows = 1
  var columns = 1
  var parts = 1
  var channels = 1
}

extension CloseUpInterest {
  /// One row or column on, not beyond the ends.
  mutating func step(_ key: Key, in extent: CloseUpExtent) {
    switch key {
    case .up, .character("k"): row -= 1
    case .down, .character("j"): row += 1
    case .left: column -= 1
    case .right: column += 1
    case .home: column = 0
    case .end: column = extent.columns - 1
    default: break
    }
    row = max(0, min(row, extent.rows - 1))
    column = max(0, min(column, extent.columns - 1))
  }
}

/// The view that is open on a screen.
package struct CloseUpState: Hashable, Sendable {
  package let screen: ScreenName
  package var interest: CloseUpInterest
  /// The panel to go back to.
  package var origin: String?
  /// The view to go back to first: the walk that one looked inside a layer from.
  var back: CloseUpInterest?
  /// Where the example came from the gallery: the rows there, in its order.
  var gallery: Gallery?

  struct Gallery: Hashable, Sendable {
    let rows: [Int]
    /// `worst first`
    let order: String
  }
}

extension AppState {
  /// The view that is open here.
  var openCloseUp: CloseUpState? { closeUp.flatMap { $0.screen == screen ? $0 : nil } }
}

/// What a view is drawn from.
struct CloseUpLook {
  let state: AppState
  let picture: CloseUpPicture
  let interest: CloseUpInterest
  /// The area inside the frame.
  let area: Rect

  var ability: Ability { state.ability }
  var tokens: TokenNames { TokenNames(state) }
}

extension LabSnapshot {
  /// The classes as they are shown: a blank is seen too.
  var classNames: [String] { shownClasses.map(TokenNames.visible) }
}

/// What the numbers of the inputs stand for.
struct TokenNames {
  private let words: [String]?

  init(_ state: AppState) {
    words = (state.train.opened?.dataset ?? state.workpiece.dataset).vocabulary
  }

  init(_ words: [String]?) { self.words = words }

  /// Whether there are names.
  var areNamed: Bool { words != nil }

  /// The word or letter of a token, the number where it has none.
  func name(_ token: Float) -> String {
    token.classNumber.map { name(ofToken: $0) } ?? NumberFormat.compact(token, digits: 4)
  }

  func name(ofToken number: Int) -> String {
    guard let words, words.indices.contains(number) else { return String(number) }
    return Self.visible(words[number])
  }

  /// A blank and the end of a line as signs that are seen, each as wide as a letter.
  static func visible(_ word: String) -> String {
    switch word {
    case " ": "_"
    case "\n": "¶"
    case "\t": "→"
    default: word
    }
  }

  /// Tokens one after the other: letters side by side, words apart.
  func text(_ tokens: some Sequence<Float>) -> String {
    let names = tokens.map { token in
      let name = name(token)
      return name == "_" ? " " : name
    }
    return names.joined(separator: names.allSatisfy { $0.count == 1 } ? "" : " ")
  }
}
