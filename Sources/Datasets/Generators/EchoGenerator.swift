import Tensors

/// A signal without any pattern, to be repeated some steps later: yₜ = xₜ₋d, and 0 before there is
/// anything to repeat.
///
/// Inputs and targets are [time, 1]. Nothing but memory helps: a guess has the error 1/3.
package enum EchoGenerator: Generator {
  package static let name = "echo"
  package static let title = "Echo"
  package static let summary =
    "Noise, to be repeated some steps later: only what is remembered can be said."
  package static let task = Dataset.Task.regression
  package static let parameters = [GeneratorParameter.examples, length, delay]

  private static let length = GeneratorParameter.whole("length", in: 2...100, standard: 20)
  private static let delay = GeneratorParameter.whole("delay", in: 0...20, standard: 3)

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    let shape = Shape([source.whole(length), 1])
    return GeneratedForm(
      exampleShape: shape, targetShape: shape, targetName: "echo", range: -1...1)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (length, delay) = (source.whole(length), source.whole(delay))
    return (0..<source.count).map { i in
      var chance = source.chance(at: i)
      let signal = (0..<length).map { _ in chance.uniform(-1, 1) }
      let silence = [Double](repeating: 0, count: delay)
      return GeneratedPoint(signal, targets: Array((silence + signal).prefix(length)))
    }
  }
}
