import Autodiff
import NeuralNets
import Tensors
import Testing

@Suite("Layers on any input")
struct LayerShapeTests {
  /// Arguments for those that have no defaults, in several forms.
  static let codes: [String: [String]] = [
    "Activation": ["'tanh'", "'softmax'"], "AlphaDropout": ["0.3", "0.3, noise_shape=(None, 1)"],
    "AveragePooling1D": ["2", "3, 1, 'same'"], "AveragePooling2D": ["2", "(1, 3), 1, 'same'"],
    "AdditiveAttention": ["", "use_scale=False"],
    "Attention": ["", "use_scale=True, dropout=0.4", "score_mode='concat'"],
    "Bidirectional": [
      "keras.layers.LSTM(2)", "keras.layers.LSTM(2, return_sequences=True), merge_mode='mul'",
      "keras.layers.Dense(2)",
    ],
    "BatchNormalization": ["", "axis=1", "axis=0", "axis=-2", "axis=(1, 2)", "axis=9"],
    "CategoryEncoding": ["4", "4, output_mode='one_hot'", "4, output_mode='count'"],
    "Concatenate": ["", "axis=1", "axis=0", "axis=-2", "axis=5"],
    "Conv1D": [
      "3, 2", "1, 1", "4, 3, padding='causal'", "2, 2, groups=2", "2, 2, dilation_rate=2",
    ],
    "Conv1DTranspose": ["3, 2", "1, 1", "2, 3, strides=2, padding='same', output_padding=1"],
    "Conv2D": ["3, 2", "1, 1", "2, 2, groups=2", "2, 2, strides=2, dilation_rate=2"],
    "Conv2DTranspose": ["3, 2", "1, 1", "2, 2, 2, 'same', (0, 1)", "2, 2, output_padding=1"],
    "Cropping1D": ["", "0", "(1, 0)"], "Cropping2D": ["", "1", "((1, 0), (0, 1))"],
    "Dense": ["3"], "DepthwiseConv1D": ["2", "1, depth_multiplier=3"],
    "DepthwiseConv2D": ["2", "1, depth_multiplier=3", "2, 2, dilation_rate=2"],
    "Discretization": [
      "bin_boundaries=[0.0, 1.0]", "bin_boundaries=[1.0, 0.0]", "bin_boundaries=[]",
      "[0.5], output_mode='one_hot'", "[0.5], output_mode='multi_hot'",
    ],
    "Dot": ["axes=1", "axes=-1", "axes=(1, 2)", "axes=0", "axes=(1, 2, 3)", "axes=7", "axes=[]"],
    "Dropout": ["0.4", "0.4, noise_shape=(None, 1)", "0.4, noise_shape=(8, 2)"],
    "EinsumDense": [
      "'ab,bc->ac', 3", "'...x,xy->...y', 3, bias_axes='y'", "'abc,cd->abd', (None, 4)",
      "'abc,dcb->ad', 2, bias_axes='d'", "'ab...,bc->ac...', 3, bias_axes='c'",
      "'abcd,edc->aeb', (3, None), bias_axes='e'", "'abc,bc->abc', (3, 2)", "'ab,ac->ac', 3",
      "'ab,cd->ad', 3", "'abc,bd->ad', 3", "'aab,bc->aac', 3", "'ab,bc', 3", "'ab,bc->ac', (3, 4)",
      "'ab,bc->ac', (None,)", "'abc,cd->abd', (7, 4)", "'ab,bc->ac', 3, bias_axes='d'",
    ], "Embedding": ["5, 2", "1, 1", "5, 2, mask_zero=True"], "GaussianDropout": ["0.3"],
    "GaussianNoise": ["0.3"],
    "GRU": ["2", "3, reset_after=False, return_sequences=True"],
    "GlobalAveragePooling1D": ["", "keepdims=True"],
    "GroupNormalization": ["", "groups=-1", "groups=0", "groups=2, axis=1", "groups=3"],
    "LSTM": ["2", "3, return_state=True, dropout=0.2, recurrent_dropout=0.3, go_backwards=True"],
    "LayerNormalization": ["", "axis=(1, -1)", "axis=1", "axis=0", "axis=[]"],
    "Masking": ["", "mask_value=-1.5"],
    "MaxPooling1D": ["", "3, 1, 'same'"], "MaxPooling2D": ["", "(1, 3), 1, 'same'"],
    "MultiHeadAttention": [
      "2, 3", "2, 3, attention_axes=1", "2, 3, attention_axes=(1, 2)", "1, 1, dropout=0.3",
      "2, 2, value_dim=3, output_shape=(2, 2)",
    ],
    "Normalization": [
      "", "axis=None", "axis=1", "axis=(1, 2)", "mean=2.0", "mean=2.0, variance=4.0",
      "mean=[1.0, 2.5], variance=[1.0, 2.5]", "axis=None, mean=[1.5], variance=[2.5]",
    ],
    "PReLU": ["", "shared_axes=[1]", "shared_axes=[2]", "shared_axes=[0]"],
    "Permute": ["(1,)", "(2, 1)", "(1, 2, 3)", "(3, 3, 1)", "()"],
    "RMSNormalization": ["", "axis=(1, 2)"],
    "RandomContrast": ["0.5", "(0.1, 0.2), (0, 1)"],
    "RandomFlip": ["", "'horizontal'"], "RandomRotation": ["0.2", "(-0.5, 1), 'wrap'"],
    "RandomTranslation": ["0.2, 0.3", "(-1, 1), 0, 'constant', 'nearest'"],
    "RandomZoom": ["0.2", "(-0.9, 1), 0, 'nearest'"],
    "ReLU": ["", "6", "6, 0.1, 0.2"], "RepeatVector": ["1", "3"],
    "Rescaling": ["0.5", "[1.0, 2.5]", "0.5, offset=[1.5, 2.0, 3.0]"],
    "Reshape": ["(-1,)", "(2, 3)", "(-1, 2)", "(-1, -1)", "(0,)", "()", "(1, -1, 1)"],
    "SeparableConv1D": ["3, 2", "1, 1, depth_multiplier=3"],
    "SeparableConv2D": ["3, 2", "1, 1, depth_multiplier=3"],
    "SimpleRNN": ["2", "2, dropout=0.2, recurrent_dropout=0.2"],
    "Softmax": ["", "axis=1", "axis=(1, 2)", "axis=0", "axis=-3"],
    "SpatialDropout1D": ["0.4"], "SpatialDropout2D": ["0.4"],
    "TimeDistributed": [
      "keras.layers.Dense(2)", "keras.layers.LSTM(2)", "keras.layers.BatchNormalization()",
      "keras.layers.TimeDistributed(keras.layers.Dense(1))",
    ],
    "UpSampling1D": ["", "1", "65536"],
    "UpSampling2D": ["", "(1, 3)", "(3, 1), interpolation='bilinear'", "2, None, 'bicubic'"],
    "ZeroPadding1D": ["", "0", "(0, 2)"], "ZeroPadding2D": ["", "0", "((0, 2), (1, 0))"],
    "UnitNormalization": ["", "axis=(1, 2)", "axis=3"],
  ]

  static let shapes: [Shape] = [
    [], [1], [6], [1, 1], [3, 2], [1, 5], [2, 3, 2], [1, 1, 4], [5, 1, 1], [2, 1, 3, 2],
    [1, 1, 1, 1],
  ]

  /// Inputs of one layer: an array, several equal ones, or some that may not fit each other.
  static func inputs(of type: any CataloguedLayer.Type) -> [[Shape]] {
    guard type is any MergingLayer.Type || type is any AttendingLayer.Type else {
      return shapes.map { [$0] }
    }
    return shapes.flatMap { shape in
      [[shape], [shape, shape], [shape, shape, shape], [shape, [3, 2]], [[2, 3, 2], shape]]
    }
  }

  @Test("every layer works or says what would be right, whatever it gets")
  func anyShape() throws {
    for type in LayerCatalog.all {
      var worked = 0
      for code in Self.codes[type.kind] ?? [""] {
        let component = try layerComponent("keras.layers.\(type.kind)(\(code))")
        for shapes in Self.inputs(of: type) {
          for (batch, training) in [(1, false), (3, true)] {
            let tensors = shapes.enumerated().map {
              LayerReferenceTests.draws(Shape([batch] + $1.extents), name: "x\($0)")
            }
            do {
              let run = try LayerRun(component, tensors, training: training)
              run.execution.run()
              let expected = Shape([batch] + run.network.outputShape.extents)
              #expect(run.output.shape == expected, "\(type.kind)(\(code)) of \(shapes)")
              worked += 1
            } catch let failure as Network.Failure {
              #expect(!failure.problem.isEmpty && !failure.remedy.isEmpty)
            }
          }
        }
      }
      #expect(worked > 0, "\(type.kind) takes nothing")
    }
  }

  @Test(
    "what does not fit is refused with what would be right",
    arguments: [
      (
        "Reshape((4, 4))", [[6]], "gets (6,), which does not fill (4, 4)",
        "a target_shape of 6 numbers, as (6,)"
      ),
      (
        "Permute((2, 1))", [[2, 3, 4]], "gets (2, 3, 4) and has dims=(2, 1)",
        "each axis once: 1, 2, 3 in any order"
      ),
      (
        "RepeatVector(2)", [[2, 3]], "gets (2, 3), which is not a row",
        "an input of shape (features,)"
      ),
      ("BatchNormalization(axis=3)", [[2, 3]], "gets (2, 3) and has axis=3", "-1, or from 1 to 2"),
      (
        "LayerNormalization(axis=0)", [[4]],
        "has axis=0, the batch, whose examples stand for themselves", "axis=-1"
      ),
      (
        "GroupNormalization()", [[2, 6]], "makes 32 groups of 6 channels",
        "groups=-1 or one of 1, 2, 3, 6"
      ),
      ("Add()", [[4]], "gets one array", "a list of at least two, as Add()([a, b])"),
      (
        "Add()", [[4], [3]], "gets (4,) and (3,), whose numbers do not pair up",
        "arrays of one shape"
      ),
      ("Subtract()", [[4], [4], [4]], "gets 3 arrays", "2 arrays"),
      (
        "Concatenate()", [[2, 4], [3, 4]], "gets (2, 4) and (3, 4), which differ beside axis 2",
        "arrays that differ along that axis alone"
      ),
      (
        "Dot(axes=1)", [[4], [3]], "gets (4,) and (3,), with 4 and 3 numbers along its axes",
        "axes of one length"
      ),
      (
        "Normalization(mean=1.0)", [[4]], "has only one of mean and variance",
        "both, or none and a call of adapt"
      ),
      (
        "Conv2D(4, 2, groups=3)", [[4, 4, 6]], "makes 3 groups of 6 channels and 4 filters",
        "groups as one of 1, 2"
      ),
      (
        "Conv2D(4, 2, strides=2, dilation_rate=(1, 2))", [[4, 4, 6]],
        "has strides=(2, 2) and dilation_rate=(1, 2)", "strides=1 or dilation_rate=1"
      ),
      (
        "Conv2D(4, 3, dilation_rate=2)", [[4, 9, 6]],
        "gets (4, 9, 6), smaller than its kernel of 3 × 3, which spans 5 × 5",
        "padding=\"same\", or a kernel of at most 2 × 3"
      ),
      (
        "Conv1D(4, 5)", [[4, 6]], "gets (4, 6), smaller than its kernel of 5",
        "padding=\"same\", or a kernel of at most 4"
      ),
      (
        "DepthwiseConv1D(2)", [[4]], "gets (4,), which is not a sequence",
        "an input of shape (time steps, channels)"
      ),
      (
        "SeparableConv2D(2, 3)", [[2, 4, 1]],
        "gets (2, 4, 1), smaller than its kernel of 3 × 3",
        "padding=\"same\", or a kernel of at most 2 × 3"
      ),
      (
        "Conv2DTranspose(2, 3, 2, output_padding=2)", [[2, 4, 1]],
        "has output_padding=(2, 2) and strides=(2, 2)",
        "output_padding=None, or less than the strides"
      ),
      (
        "Conv1DTranspose(2, 2, 2, 'same', output_padding=0)", [[1, 1]],
        "leaves nothing of (1, 1)", "output_padding=None, or a kernel of odd size"
      ),
      (
        "Dropout(0.5, noise_shape=(None, 2))", [[4]],
        "has noise_shape=(None, 2) and gets (4,)", "(None, 4), or 1 in place of some of these"
      ),
    ] as [(String, [Shape], String, String)])
  func refusals(code: String, shapes: [Shape], problem: String, remedy: String) throws {
    let component = try layerComponent("keras.layers.\(code)")
    let tensors = shapes.map { Tensor(shape: Shape([2] + $0.extents), repeating: 1) }
    do {
      _ = try LayerRun(component, tensors, training: false)
      Issue.record("\(code) takes \(shapes)")
    } catch let failure as Network.Failure {
      #expect(failure.problem == problem)
      #expect(failure.remedy == remedy)
    }
  }

  @Test("what only other backends have may be spelled out, but not used")
  func fixed() throws {
    _ = try layerComponent("keras.layers.Dense(2, lora_rank=None)")
    _ = try layerComponent("keras.layers.BatchNormalization(renorm=False, synchronized=False)")
    #expect(throws: Arguments.Failure.self) {
      try layerComponent("keras.layers.Dense(2, lora_rank=4)")
    }
    #expect(throws: Arguments.Failure.self) {
      try layerComponent("keras.layers.Embedding(2, 3, lora_rank=2)")
    }
  }
}

@Suite("Layers that draw by chance")
struct NoiseTests {
  private func output(
    _ code: String, _ input: Tensor, training: Bool = true, seed: UInt64 = 5
  ) throws -> [Double] {
    let run = try LayerRun(
      try layerComponent("keras.layers." + code), [input], training: training, seed: seed)
    run.execution.run()
    return run.output.scalars.map(Double.init)
  }

  private func moments(_ numbers: [Double]) -> (mean: Double, deviation: Double) {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
    return (mean, spread.squareRoot())
  }

  static let ones = Tensor(shape: [40, 500], repeating: 1)

  @Test(
    "noise has the mean and deviation that its layer promises",
    arguments: [
      ("GaussianNoise(0.5)", 1, 0.5), ("GaussianDropout(0.2)", 1, 0.5), ("Dropout(0.2)", 1, 0.5),
      ("Dropout(0.2, noise_shape=(None, 500))", 1, 0.5),
    ])
  func deviations(code: String, mean: Double, deviation: Double) throws {
    let found = moments(try output(code, Self.ones))
    #expect(abs(found.mean - mean) < 0.02)
    #expect(abs(found.deviation - deviation) < 0.02)
  }

  @Test("alpha dropout keeps mean 0 and variance 1")
  func alpha() throws {
    let found = moments(
      try output("AlphaDropout(0.3)", LayerReferenceTests.draws([40, 500])))
    #expect(abs(found.mean) < 0.03)
    #expect(abs(found.deviation - 1) < 0.03)
  }

  @Test("predictions change nothing", arguments: LayerShapeTests.noisy)
  func predictions(code: String) throws {
    let input = LayerReferenceTests.draws([4, 3, 5])
    #expect(try output(code, input, training: false) == input.scalars.map(Double.init))
    #expect(try output(code, input) != input.scalars.map(Double.init))
  }

  @Test(
    "draws depend on the run's seed, the layer's name and its seed",
    arguments: LayerShapeTests.noisy)
  func keys(code: String) throws {
    let input = LayerReferenceTests.draws([4, 8, 9])
    let first = try output(code, input)
    #expect(try output(code, input) == first)
    #expect(try output(code, input, seed: 6) != first)
    #expect(try output(code.dropLast() + ", seed=1)", input) != first)
    #expect(try output(code.dropLast() + ", name='other')", input) != first)
  }

  @Test("a smaller mask is the same along the axes it lacks")
  func smallerMasks() throws {
    let ones = Tensor(shape: [6, 5, 30], repeating: 1)
    for code in ["SpatialDropout1D(0.5)", "Dropout(0.5, noise_shape=(None, 1, 30))"] {
      let kept = try output(code, ones)
      for example in 0..<6 {
        let rows = (0..<5).map {
          Array(kept[(example * 5 + $0) * 30..<(example * 5 + $0 + 1) * 30])
        }
        #expect(Set(rows).count == 1, "\(code)")
        #expect(Set(rows[0]) == [0, 2], "\(code)")
      }
    }
  }
}

extension LayerShapeTests {
  static let noisy = [
    "Dropout(0.5)", "SpatialDropout1D(0.5)", "GaussianNoise(0.4)", "GaussianDropout(0.5)",
    "AlphaDropout(0.4)",
  ]
}
