import KerasCode
import NeuralNets
import Tensors
import Testing

@Suite("Printing Keras code")
struct PrinterTests {
  /// A value that an argument takes, by chance.
  static func value(_ spec: ArgumentSpec, _ random: inout NumPyRandomState) -> ArgumentValue {
    if let standard = spec.defaultValue, random.random() < 0.4 { return standard }
    switch spec.kind {
    case .boolean: return .boolean(random.random() < 0.5)
    case .integer(let range):
      return .integer(range.lowerBound + random.randint(0, min(100, range.count)))
    case .number(let range):
      return .number(
        range.lowerBound + min(range.upperBound - range.lowerBound, 1) * random.random())
    case .choice(let names): return .text(names[random.randint(0, names.count)])
    case .text: return .text("a \"b\" \\ \(random.randint(0, 9))\n")
    case .shape: return .integers((0..<random.randint(1, 4)).map { _ in random.randint(1, 9) })
    case .pair(let range):
      return .integers(
        [0, 1].map { _ in range.lowerBound + random.randint(0, min(9, range.count)) })
    case .single(let range):
      return .integer(range.lowerBound + random.randint(0, min(9, range.count)))
    case .margins(let range):
      let sides = (0..<4).map { _ in range.lowerBound + random.randint(0, 3) }
      return random.random() < 0.5
        ? .integers(Array(sides[..<2]))
        : .list([.integers(Array(sides[..<2])), .integers(Array(sides[2...]))])
    case .span(let range, let alone):
      let ends = (0..<2).map { _ -> ArgumentValue in
        let width = min(range.upperBound - range.lowerBound, 2)
        return .number(max(range.lowerBound, -1) + width * random.random())
      }
      guard let alone, random.random() < 0.5 else { return .list(ends) }
      return .number(alone.lowerBound + random.random())
    case .component(let family):
      let names = family.names
      guard !names.isEmpty else { return .none }
      return .text(names[random.randint(0, names.count)])
    case .wholeNumbers: return .integers([1, 2])
    case .axes: return random.random() < 0.5 ? .integer(-1) : .integers([1, 2])
    case .integers(let range): return .integers([range.lowerBound, 1, 2])
    case .openShape: return .list([.none, .integer(random.randint(1, 9))])
    case .fixed: return spec.defaultValue ?? .none
    case .numbers:
      let row = (0..<3).map { _ in ArgumentValue.number(Double(random.randint(1, 90)) / 10) }
      return random.random() < 0.5 ? row[0] : .list([.list(row), .integers([1, 2, 3])])
    case .rate: return .number(random.random())
    case .layer: return .component(.known("Dense", [("units", .integer(3))]))
    }
  }

  static func component(
    _ kind: String, _ specs: [ArgumentSpec], _ random: inout NumPyRandomState
  ) throws -> Component {
    var keywords: [(name: String, value: ArgumentValue)] = []
    for spec in specs { keywords.append((spec.name, value(spec, &random))) }
    return Component(kind: kind, arguments: try Arguments(specs, keywords: keywords))
  }

  @Test("every layer of the catalog reads back as it was printed", arguments: LayerCatalog.all)
  func layers(_ type: any CataloguedLayer.Type) throws {
    var random = NumPyRandomState(seed: 1)
    for _ in 0..<30 {
      let layer = try Self.component(type.kind, type.arguments, &random)
      let model = ModelDescription(name: "net", layers: [layer])
      let code = try Printer.program(model)
      #expect(try ModelFile.read(code, file: "m.py").description == model, "\(code)")
    }
  }

  @Test("losses and optimizers read back as they were printed")
  func compilations() throws {
    var random = NumPyRandomState(seed: 2)
    for optimizer in OptimizerCatalog.all {
      for loss in LossCatalog.all {
        let model = ModelDescription(
          inputShape: [3],
          compilation: Compilation(
            optimizer: try Self.component(optimizer.kind, optimizer.arguments, &random),
            loss: try Self.component(loss.kind, loss.arguments, &random), metrics: ["mae"]))
        let code = try Printer.program(model)
        #expect(try ModelFile.read(code, file: "m.py").description == model, "\(code)")
      }
    }
  }

  @Test("a rewritten file keeps comments, data and fit")
  func rewritten() throws {
    let file = try ModelFile.read(TutorialTests.dummyData, file: "m.py")
    var changed = file.description
    changed.layers.removeFirst()
    let code = try file.rewritten(with: changed)
    #expect(try ModelFile.read(code, file: "m.py").description == changed, "\(code)")
    #expect(code.contains("# Create model\nmodel = Sequential([\n"))
    #expect(!code.contains("model.add"))
    #expect(code.contains("# Compile model\nmodel.compile(optimizer='adam',\nloss="))
    #expect(code.contains("model.fit(X, y, epochs=10, batch_size=32)\n# Evaluate model"))
    #expect(try file.rewritten(with: file.description) == TutorialTests.dummyData)
  }
}
