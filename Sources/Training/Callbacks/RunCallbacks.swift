import NeuralNets

/// The callbacks that a program gives to `fit`, as far as a run that one travels in has them.
package struct RunCallbacks: Hashable, Sendable {
  /// The kinds that such a run heeds.
  package static let heededKinds = [
    "EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN", "LearningRateScheduler", "History",
  ]

  /// Those that a run heeds, in the order of the list.
  package var components: [Component] = []
  /// What a `LearningRateScheduler` gives for each epoch; empty without one.
  package var rates: [Float] = []
  /// What is said of the others: they do nothing here.
  package var left: [String] = []

  package init() {}

  package var isEmpty: Bool { components.isEmpty && rates.isEmpty && left.isEmpty }
}

/// What a callback did at the end of an epoch.
package struct CallbackDeed: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case stopped, restored
    case rate(Float)
  }

  /// The first step that is not as it would be without.
  package let step: Int
  package let kind: Kind
  /// The step whose weights were restored.
  package var source: Int?
  /// In few words, for a list.
  package let brief: String
  /// In a sentence.
  package let words: String
}

extension Session {
  /// What watches it, in a line; nil where nothing does.
  var callbacksInWords: String? {
    var words = settings.callbacks.components.map { component in
      let arguments = component.arguments.spoken.map { "\($0.name)=\(Self.text($0.value))" }
      return component.kind + "(" + arguments.joined(separator: ", ") + ")"
    }
    if !settings.callbacks.rates.isEmpty { words.append("LearningRateScheduler") }
    return words.isEmpty ? nil : "callbacks " + words.joined(separator: ", ")
  }

  private static func text(_ value: ArgumentValue) -> String {
    switch value {
    case .number(let number): "\(number)"
    case .integer(let whole): "\(whole)"
    case .text(let text): "\"\(text)\""
    case .boolean(let truth): truth ? "True" : "False"
    default: "None"
    }
  }
}
