import Tensors

/// The activations, alphabetical: one line registers one.
package enum ActivationCatalog {
  package static let all: [ActivationClass] = [
    ActivationClass("linear", body: .map(.linear), summary: "the number itself"),
    ActivationClass("relu", body: .map(.relu), summary: "the number, or 0 below it"),
    ActivationClass("sigmoid", body: .map(.sigmoid), summary: "squeezed between 0 and 1"),
    ActivationClass("softmax", body: .softmax, summary: "shares that sum to 1"),
    ActivationClass("tanh", body: .map(.tanh), summary: "squeezed between −1 and 1"),
  ]

  private static let byName = Dictionary(
    all.flatMap { known in known.entry.shortNames.map { ($0, known) } },
    uniquingKeysWith: { first, _ in first })

  package static func named(_ name: String) -> ActivationClass? { byName[name] }
}
