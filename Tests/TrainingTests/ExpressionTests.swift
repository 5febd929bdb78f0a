import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

/// Names that mean what a table says.
private struct TableScope: ExpressionScope {
  var values: [String: ExpressionValue] = [
    "loss": .number(0.5), "step": .number(12), "finished": .truth(false),
    "dense/kernel": .tensor(Tensor(shape: [2, 3], scalars: [1, -2, 3, 4, 5, -6])),
    "dense/bias": .tensor(Tensor(shape: [3], scalars: [10, 20, 30])),
    "dense/kernel.grad": .tensor(Tensor(shape: [2, 3], repeating: 0)),
    "accuracy": .number(Double(Float(0.9))), "mean": .number(0.9),
    "empty": .tensor(Tensor(shape: [0], scalars: [])),
  ]

  var names: [String] { values.keys.sorted() }
  func value(named name: String) -> ExpressionValue? { values[name] }
  func value(of function: String, place: String) -> ExpressionValue {
    .truth(place == "backward dense_1")
  }
}

private func value(_ source: String) throws -> ExpressionValue {
  try RunExpression(source).value(in: TableScope())
}

@Suite("Expressions")
struct ExpressionTests {
  @Test(
    "a number in figures beside a Float32 is the Float32 nearest to it",
    arguments: [
      ("accuracy >= 0.9", true), ("accuracy == 0.9", true), ("0.9 <= accuracy", true),
      ("accuracy < 0.9", false), ("accuracy > 0.9", false), ("accuracy > 0.8999", true),
      ("-accuracy <= -0.9", true), ("0.1 < accuracy <= 9/10", true), ("mean == 0.9", true),
      ("accuracy == mean", false), ("accuracy > 1e300", false), ("inf > 1e300", true),
    ])
  func nearest(source: String, holds: Bool) throws {
    #expect(try value(source) == .truth(holds))
  }

  @Test(
    "numbers",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("-2^2", -4), ("2^3^2", 512), ("2^-1", 0.5),
      ("2 ** 3", 8), ("10 - 3 - 2", 5), ("8 / 4 / 2", 1), ("1e-3 * 1_000", 1), (".5 + 1.", 1.5),
      ("--2", 2), ("+3", 3), ("3 × 2 − 1", 5), ("6 ÷ 2 · 4", 12),
      ("loss", 0.5), ("loss/2", 0.25), ("loss / step", 0.5 / 12), ("loss*step", 6),
      ("dense/kernel[1,2]", -6), ("dense/kernel[-1, -1]", -6), ("dense/kernel[1][0]", 4),
      ("dense/bias[step - 11]", 20), ("sum(dense/kernel)", 5), ("mean(dense/bias)", 20),
      ("min(dense/kernel)", -6), ("max(dense/kernel)", 5), ("max(1, loss, 3)", 3),
      ("norm(dense/kernel[0, :2])", 5.0.squareRoot()), ("std(dense/kernel[:, 0])", 1.5),
      ("count(dense/kernel < 0)", 2), ("count(dense/kernel)", 6), ("abs(-3)", 3),
      ("sqrt(16)", 4), ("log(exp(2))", 2), ("sum(shape(dense/kernel))", 5),
      ("argmax(dense/bias)", 2), ("sum(argmax(dense/kernel))", 3), ("round(2.5)", 2),
      ("sum(empty)", 0), ("sum(dense/kernel + dense/bias)", 125), ("sign(-0.1)", -1),
      ("sum(dense/kernel[1:, 1:])", -1), ("sum(dense/kernel[5:])", 0),
    ] as [(String, Double)])
  func numbers(source: String, expected: Double) throws {
    #expect(try abs(value(source).number() - expected) < 1e-12, "\(source)")
  }

  @Test(
    "what holds",
    arguments: [
      ("loss < 1", true), ("loss >= 1", false), ("0.4 < loss < 0.6", true),
      ("0.6 < loss < 0.7", false), ("0.4 < loss < 0.6 < 0.5", false), ("loss ≤ 0.5", true),
      ("loss == 0.5 and step == 12", true), ("loss == 1 or not step != 12", true),
      ("loss > 1 or step > 1 and loss > 1", false), ("not loss > 1", true), ("!finished", true),
      ("finished and unknown > 1", false), ("step == 12 or unknown > 1", true),
      ("visited(backward dense_1)", true), ("visited(forward)", false),
      ("any(dense/kernel > 4)", true), ("all(dense/kernel > -7)", true), ("nan == nan", false),
      ("all(dense/kernel.grad == 0) && true", true),
    ])
  func truths(source: String, expected: Bool) throws {
    #expect(try value(source).holds() == expected, "\(source)")
  }

  @Test("arrays keep their shape; slices drop the axes that have one index")
  func arrays() throws {
    #expect(try value("dense/bias / 10") == .tensor(Tensor(shape: [3], scalars: [1, 2, 3])))
    #expect(try value("dense/kernel[0]") == .tensor(Tensor(shape: [3], scalars: [1, -2, 3])))
    #expect(try value("dense/kernel[:, 1]") == .tensor(Tensor(shape: [2], scalars: [-2, 5])))
    #expect(
      try value("dense/kernel[1:2, :2]") == .tensor(Tensor(shape: [1, 2], scalars: [4, 5])))
    #expect(try value("shape(dense/kernel)") == .tensor(Tensor(shape: [2], scalars: [2, 3])))
    #expect(try value("-dense/bias > -15") == .tensor(Tensor(shape: [3], scalars: [1, 0, 0])))
  }

  @Test(
    "what is wrong is said with its place and what would be right",
    arguments: [
      ("", "nothing to compute", "a value"), ("loss >", "column 7: the end", "a name, a number"),
      ("(1 + 2", "column 7: the end", "‘)’"), ("1 2", "column 3: the number 2.0", "an operator"),
      ("loss = 1", "column 6: ‘=’", "== to compare"), ("3 $ 4", "column 3: ‘$’", "names"),
      ("1.2.3", "column 1: ‘1.2.3’ is no number", "0.5"), ("1e", "‘1e’ is no number", "1e-3"),
      ("lose", "column 1: there is no value ‘lose’", "loss"),
      ("1 + dense/kernal", "column 5: there is no value", "dense/kernel"),
      ("loss/step", "there is no value ‘loss/step’", "loss / step, with spaces"),
      ("nrom(loss)", "there is no function ‘nrom’", "norm"), ("norm()", "norm of 0", "norm(…)"),
      ("sqrt(1, 2)", "sqrt of 2", "of one"),
      ("dense/kernel[2,0]", "column 14: index 2 on an axis of 2", "0 to 1"),
      ("dense/kernel[0,1,2]", "3 indices into shape [2, 3]", "at most 2"),
      ("dense/kernel[0.5]", "0.5 as an index", "a whole number"),
      ("loss[0]", "an index into a single number", "without [ ]"),
      ("dense/kernel + dense/bias[:2]", "shapes [2, 3] and [2] do not fit", "same shape"),
      ("not loss", "neither true nor false", "a comparison"),
      ("dense/kernel > 1 and true", "neither true nor false", "all(…) or any(…)"),
      ("empty[0]", "index 0 on an axis of 0", "empty"), ("visited()", "‘)’", "a phase"),
      ("dense/kernel[0", "column 15: the end", "‘]’"),
    ])
  func failures(source: String, problem: String, remedy: String) throws {
    let failure = try #require(throws: ExpressionFailure.self) {
      try RunExpression(source).value(in: TableScope())
    }
    #expect(failure.description.contains(problem))
    #expect(failure.remedy.contains(remedy))
  }

  @Test("the names in an expression are known before it is evaluated")
  func names() throws {
    let expression = try RunExpression("loss < dense/bias[step] and loss > norm(w.grad[:a])")
    #expect(expression.names == ["loss", "dense/bias", "step", "w.grad", "a"])
  }

  @Test("depth and length are bounded")
  func bounds() {
    let deep = String(repeating: "(", count: 400) + "1" + String(repeating: ")", count: 400)
    #expect(throws: ExpressionFailure.self) { try value(deep) }
    #expect(throws: ExpressionFailure.self) { try value(String(repeating: "-", count: 900) + "1") }
    #expect(throws: ExpressionFailure.self) { try value(String(repeating: "1+", count: 900) + "1") }
    #expect((try? value(String(repeating: "1+", count: 499) + "1")) == .number(500))
  }

  @Test("no text makes it crash", arguments: 0..<20)
  func fuzz(round: Int) {
    let pieces = [
      "loss", "dense/kernel", "dense/bias", "empty", "[", "]", "(", ")", ",", ":", "+", "-", "*",
      "/", "^", "<", ">=", "==", "and", "or", "not", "1", "0", "1e999", "-1", ".5", "norm(",
      "max(", "argmax(", "std(", "shape(", "visited(", " ", "nan", "é", "=", "2.", "dense/kernel[",
    ]
    let random = CounterRandom(seed: UInt64(round), name: "fuzz")
    for i in 0..<300 {
      let count = 1 + Int(random.uniform(at: 100 * i) * 14)
      let text = (1...count).map {
        pieces[Int(random.uniform(at: 100 * i + $0) * Double(pieces.count))]
      }.joined()
      do { _ = try value(text) } catch let failure as ExpressionFailure {
        #expect(!failure.problem.isEmpty && !failure.remedy.isEmpty)
      } catch { Issue.record("\(text): \(error)") }
    }
  }
}

@Suite("Expressions about a run")
struct SessionScopeTests {
  private func number(_ source: String, _ session: Session) throws -> Double {
    try RunExpression(source).value(in: SessionScope(session)).number()
  }

  @Test("every value of a plan has its numbers once it is made, and is awaited before")
  func planned() throws {
    let session = try Session(SampleRun.all[0].settings)
    let plan = session.plan
    for done in 0...plan.instructions.count {
      for name in plan.names {
        let known = try #require(plan.value(named: name)).shape
        let reading = Readings([name], in: SessionScope(session))[name]
        switch reading {
        case .success(.tensor(let tensor)): #expect(tensor.shape == known)
        case .success: #expect(known.count == 1)
        case .failure(let failure):
          guard case .notYet(let instruction?) = failure.kind else {
            Issue.record("\(name): \(failure)")
            continue
          }
          #expect(instruction >= done)
        case nil: Issue.record("\(name) was not read")
        }
      }
      if done < plan.instructions.count { session.move(1, by: .instruction) }
    }
  }

  @Test("the run's own numbers follow it")
  func run() throws {
    let session = try Session(SampleRun.all[2].settings)
    #expect(try number("step + instruction + epoch + steps", session) == 0)
    #expect(throws: ExpressionFailure.self) { try number("loss", session) }
    #expect(throws: ExpressionFailure.self) { try number("accuracy", session) }
    for _ in 0..<4 { session.trainStep() }
    let last = session.history.steps[3]
    #expect(try number("loss", session) == Double(last.loss))
    #expect(try number("accuracy", session) == last.accuracy.map { Double($0) })
    #expect(try number("step", session) == 4)
    #expect(try number("epoch", session) == 1)
    session.move(-2, by: .step)
    #expect(try number("step", session) == 2)
    #expect(try number("steps", session) == 4)
    #expect(try number("batch_size", session) == 8)
    #expect(try number("parameters", session) == Double(session.network.parameterCount))
    let judged = session.evaluate(session.settings.data.training)
    #expect(try number("train_loss", session) == Double(judged.loss))
    #expect(try number("train_accuracy", session) == judged.accuracy.map { Double($0) })
  }

  @Test("validation is that of the last epoch that ended")
  func validation() throws {
    var settings = SampleRun.all[2].settings
    settings.data = TrainingData(
      name: "held back", training: settings.data.training, validation: settings.data.training,
      classes: settings.data.classes)
    let session = try Session(settings)
    let early = #expect(throws: ExpressionFailure.self) { try number("val_loss", session) }
    #expect(early?.isNotYet == true)
    for _ in 0..<7 { session.trainStep() }
    #expect(
      try number("val_loss", session) == session.history.epochs[1].validationLoss.map { Double($0) }
    )
    session.move(-3, by: .step)
    #expect(
      try number("val_loss", session) == session.history.epochs[0].validationLoss.map { Double($0) }
    )
  }

  @Test("where one has been is remembered")
  func travels() throws {
    let session = try Session(SampleRun.all[0].settings)
    var travels = Travels()
    func move(_ count: Int, _ unit: MoveUnit) {
      let old = session.position
      session.move(count, by: unit)
      travels.moved(from: old, to: session.position, in: session.plan)
    }
    move(1, .layer)
    #expect(travels.visited("forward dense"))
    #expect(!travels.visited("dense_1") && !travels.visited("backward"))
    move(1, .phase)
    #expect(travels.visited("dense_1") && travels.visited("forward dense_2"))
    #expect(!travels.visited("loss"))
    move(1, .step)
    #expect(travels.visited("backward dense") && travels.visited("update"))
    #expect(travels.movesBack == 0)
    move(-1, .line)
    #expect(travels.movesBack == 1)
    let value = try RunExpression("visited(update) and stepped_back == 1")
      .value(in: SessionScope(session, travels: travels))
    #expect(value == .truth(true))
  }
}
