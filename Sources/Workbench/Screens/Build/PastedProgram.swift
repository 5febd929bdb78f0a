import Datasets
import NeuralNets
import TerminalGraphics
import Training

// A whole program in the place of the network: what it fits its network to is taken with it.

extension AppState {
  /// Whether a text is a program that says what its network is fitted to.
  static func isProgram(_ text: String) -> Bool {
    text.contains("import ") && text.contains(".fit(")
  }

  /// Puts a program that was read in the place of the network, its data, epochs and batches too.
  mutating func takeProgram(_ opened: OpenedModel) {
    build.draft = nil
    forgetLessonWorkpiece()
    edit {
      $0.model = opened.model
      ($0.source, $0.fileName) = (opened.source, Workpiece.newFileName)
      ($0.callbacks, $0.initialWeights) = (opened.callbacks, opened.initialWeights)
      if let data = opened.data {
        $0.dataset = Dataset(of: data, in: opened)
        $0.preparation.unseenShare = 0
        $0.shuffles = opened.shuffles
      }
      $0.epochs = opened.epochs ?? $0.epochs
      $0.batchSize = opened.batchSize ?? $0.batchSize
    }
    choose(line: min(1, opened.model.layers.count))
    guard let data = opened.data else {
      return say("the network is that of the program; u brings the last one back", .good)
    }
    let count = NumberFormat.integer(data.training.count)
    let epochs = workpiece.epochs == 1 ? "1 epoch" : "\(workpiece.epochs) epochs"
    say(
      "the program is taken: its network, its \(count) examples, \(epochs) of batches of "
        + "\(workpiece.batchSize); u brings the last one back", .good)
  }

  /// Puts the network of a program alone in the place of the one at hand.
  ///
  /// - Parameter why: what keeps its data away.
  mutating func takeNetwork(of text: String, _ why: String) {
    guard var model = try? KerasSource.network(in: text) else { return say(why, .bad) }
    build.draft = nil
    if model.compilation == nil { model.compilation = workpiece.model.compilation }
    edit { $0.model = model }
    choose(line: min(1, model.layers.count))
    say("the network is taken, not what it is fitted to: \(why)", .warning)
  }
}
