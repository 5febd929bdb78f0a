import Datasets
import NeuralNets
import Tensors
import Testing
import Training

@Suite("What a run says of an example of one's own")
struct AnswerTests {
  @Test("It is what the network predicts, for every kind of network", arguments: SampleRun.all)
  func prediction(run: SampleRun) throws {
    let lab = Lab()
    lab.handle(.open(run.settings))
    lab.handle(.move(2, .step))
    let session = try #require(lab.session)
    guard session.network.inputShapes.count == 1 else { return }
    let example = run.settings.data.training.inputs.rows([1])
    var interest = Interest()
    interest.question = Question(example.scalars, explains: true)
    lab.handle(.look(interest))
    let answer = try #require(lab.snapshot().answer)
    let expected = session.predict(example)
    for (found, right) in zip(answer.output, expected.scalars) {
      #expect(abs(found - right) < 1e-5)
    }
    #expect(answer.output.count == expected.count)
    #expect(answer.nearest?.distance == 0)
    #expect(answer.influence.count == example.count)
    #expect(!answer.layers.isEmpty)
    // The state of the run is as it was.
    #expect(lab.snapshot().position == Position(step: 2))
  }

  @Test("The influence of an input is the fall of the answer when it is 0")
  func influence() throws {
    let lab = try openSpiral(DataPreparation())
    var interest = Interest()
    interest.question = Question([0.4, -0.7], explains: true)
    lab.handle(.look(interest))
    let answer = try #require(lab.snapshot().answer)
    for (place, cleared) in [(0, [0, -0.7]), (1, [0.4, 0])] as [(Int, [Float])] {
      interest.question = Question(cleared)
      lab.handle(.look(interest))
      let without = try #require(lab.snapshot().answer)
      let fall = answer.output[answer.said] - without.output[answer.said]
      #expect(abs(answer.influence[place] - fall) < 1e-6)
      #expect(without.influence.isEmpty && without.nearest == nil)
    }
  }

  @Test("A question is standardized as the examples were, and the neighbor is told in their units")
  func standardized() throws {
    let lab = try openSpiral(DataPreparation(standardizes: true))
    let session = try #require(lab.session)
    let scaler = try #require(session.settings.data.scaler)
    var interest = Interest()
    interest.question = Question([0.4, -0.7], explains: true)
    lab.handle(.look(interest))
    let answer = try #require(lab.snapshot().answer)
    let scaled = scaler.apply(to: Tensor(shape: [1, 2], scalars: [0.4, -0.7]))
    #expect(answer.output == session.predict(scaled).scalars)
    let neighbor = try #require(answer.nearest)
    let dataset = try DatasetLibrary().load("spiral")
    let isLearned = (0..<dataset.count).contains { row in
      zip(dataset.example(row), neighbor.input).allSatisfy { abs($0 - $1) < 1e-5 }
    }
    #expect(isLearned)
  }

  @Test("While it trains, the answer changes with the weights")
  func live() throws {
    let lab = try openSpiral(DataPreparation())
    var interest = Interest()
    interest.question = Question([0.4, -0.7])
    lab.handle(.look(interest))
    let before = try #require(lab.snapshot().answer)
    lab.handle(.play)
    _ = lab.train(steps: 5)
    #expect(lab.snapshot().answer?.output != before.output)
    lab.handle(.go(Position(step: 0)))
    #expect(lab.snapshot().answer == before)
  }

  @Test(
    "A question of another size, or with no number, gets a reason",
    arguments: [[], [1], [1, 2, 3], [.nan, 0], [0, .infinity]] as [[Float]])
  func refused(input: [Float]) throws {
    let lab = try openSpiral(DataPreparation())
    var interest = Interest()
    interest.question = Question(input, explains: true)
    lab.handle(.look(interest))
    let snapshot = lab.snapshot()
    #expect(snapshot.answer == nil)
    #expect(snapshot.unanswered?.contains("right would be") == true)
  }

  private func openSpiral(_ preparation: DataPreparation) throws -> Lab {
    let dataset = try DatasetLibrary().load("spiral")
    let model = ModelDescription.perceptron(
      inputShape: [2], hidden: [5], activation: "tanh", classes: 2)
    let lab = Lab()
    lab.handle(
      .open(
        RunSettings(
          model: model, data: try TrainingData(dataset, preparation, for: model), batchSize: 16,
          epochs: 2)))
    return lab
  }
}
