import Tensors

/// Where a window lies on an image: the geometry of a convolution or a pooling.
package struct WindowGeometry: Hashable, Sendable {
  package let batch, height, width, channels: Int
  package let windowHeight, windowWidth: Int
  package let filters: Int
  package let strideHeight, strideWidth: Int
  package let paddingTop, paddingLeft: Int
  package let outputHeight, outputWidth: Int
  /// How far apart the places of the window lie.
  package let dilationHeight, dilationWidth: Int
  /// Parts that the channels are cut into; the filters of a part see its channels alone.
  package let groups: Int

  package init(
    batch: Int, height: Int, width: Int, channels: Int, window: (Int, Int), filters: Int,
    strides: (Int, Int), padding: (top: Int, left: Int), output: (Int, Int),
    dilation: (Int, Int) = (1, 1), groups: Int = 1
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    (windowHeight, windowWidth) = window
    self.filters = filters
    (strideHeight, strideWidth) = strides
    (paddingTop, paddingLeft) = padding
    (outputHeight, outputWidth) = output
    (dilationHeight, dilationWidth) = dilation
    self.groups = groups
  }

  /// The sizes of a convolution kernel call: B H W C KH KW F SH SW PT PL OH OW DH DW G.
  package var convolutionSizes: [Int] {
    [
      batch, height, width, channels, windowHeight, windowWidth, filters, strideHeight,
      strideWidth, paddingTop, paddingLeft, outputHeight, outputWidth, dilationHeight,
      dilationWidth, groups,
    ]
  }

  /// The sizes of a pooling kernel call: B H W C PH PW SH SW PT PL OH OW.
  package var poolingSizes: [Int] {
    [
      batch, height, width, channels, windowHeight, windowWidth, strideHeight, strideWidth,
      paddingTop, paddingLeft, outputHeight, outputWidth,
    ]
  }

  /// The windows along one axis that cover a place counted from the outermost zero.
  func places(over place: Int, _ window: Int, _ stride: Int, _ count: Int) -> Range<Int> {
    let first = max((place - window + stride) / stride, 0)
    let end = min(place / stride + 1, count)
    return first..<max(end, first)
  }
}

/// A source of terms in a sum.
package enum TermSource: Hashable, Sendable {
  /// `Σ_k a[i,k] · b[k,j]`, either one stored transposed.
  case product(a: Value, aTransposed: Bool, b: Value, bTransposed: Bool)
  /// The same of some columns of both, for a result of `block.width` columns.
  case block(a: Value, b: Value, ProductBlock)
  /// The elements at the same place of all these, multiplied.
  case elements([Value])
  /// The element of a row vector in the cell's column: a bias.
  case bias(Value)
  /// The element of `width` numbers from one of them on, in the cell's column.
  case biasPart(Value, from: Int, width: Int)
  /// All rows of the cell's column: `Σ_r x[r,j]`.
  case column(Value)
  /// The same among `width` columns from one of them on.
  case columnPart(Value, from: Int, width: Int)
  /// The squares of all numbers: `Σ x²`.
  case squares(Value)
}

/// Which columns of two matrices meet in a product.
package struct ProductBlock: Hashable, Sendable {
  /// Which of the two is read transposed.
  package enum Form: Hashable, Sendable { case plain, aTransposed, bTransposed }

  package let form: Form
  /// The first columns that count: of a transposed matrix they are the rows of the product.
  package let aFrom, bFrom: Int
  /// How many columns of a count.
  package let count: Int
  /// The columns of the result.
  package let width: Int
}

/// How one cell of an instruction's result comes from its operands.
///
/// Every result of every op declares one, so that any number on the screen can be opened: there is
/// no default to fall back on.
package enum CellRule: Hashable, Sendable {
  case sum([TermSource])
  /// `y = f(x)`, cell by cell.
  case function(ScalarFunction, of: Value)
  /// `y = f(x)` for a block of the columns of x that begins at one of them, as a gate of an LSTM.
  case functionOfColumns(ScalarFunction, of: Value, from: Int)
  /// Blocks of columns of equal width, side by side, each with a rule of its own.
  case columns([CellRule])
  /// Blocks of rows of equal height, each with a rule of its own.
  case rows([CellRule])
  /// `dx = (product of the factors) · f'(x)`, f' read off `y = f(x)`.
  case functionGradient(ScalarFunction, output: Value, factors: [Value])
  case softmax(of: Value)
  case softmaxGradient(output: Value, gradient: Value)
  /// The same numbers, seen in another shape.
  case same(as: Value)
  /// Axes 0 and 1 exchanged.
  case swappedAxes(of: Value)
  /// 0, or 1/(1 - rate) where the example keeps this value.
  case dropoutMask(rate: Double)
  case convolution(input: Value, kernel: Value, WindowGeometry)
  /// Each number of the input lays the kernel, times itself, onto a window of the result.
  case transposedConvolution(input: Value, kernel: Value, WindowGeometry)
  case convolutionInputGradient(outputGradient: Value, kernel: Value, WindowGeometry)
  case convolutionKernelGradient(input: Value, outputGradient: Value, WindowGeometry)
  case maximum(of: Value, WindowGeometry)
  case maximumGradient(input: Value, output: Value, outputGradient: Value, WindowGeometry)
  /// The mean of a window, as far as it lies inside the image or with its border repeated.
  case windowMean(of: Value, WindowGeometry)
  /// Of the gradient of the means.
  case windowMeanGradient(of: Value, WindowGeometry)
  /// Pixels by their shares, at the place that the matrix of the example names.
  case affine(of: Value, matrix: Value, AffineSampling)
  /// Of the gradient of what was drawn.
  case affineGradient(of: Value, matrix: Value, AffineSampling)
  case exampleLoss(LossFunction, prediction: Value, target: Value, normalizes: Bool)
  case mean(of: Value)
  case lossGradient(LossFunction, prediction: Value, target: Value, normalizes: Bool)
  /// The gradient of a memory cell that is shown as `y = f(c)`: `dh · o · f'(c) + dc_next`.
  case memoryGradient(ScalarFunction, dh: Value, o: Value, shown: Value, next: Value?)
  /// A formula of the numbers at the cell's place.
  case formula(Formula, operands: [Value], OperandLayout)
  case reduction(Reduction, of: Value, ReductionGeometry)
  case reductionGradient(
    Reduction, input: Value, output: Value, outputGradient: Value, ReductionGeometry)
  case sgd(Value, gradient: Value, velocity: Value?, momentum: Double, nesterov: Bool)
  case velocity(Value, gradient: Value, momentum: Double)
  case adam(
    Value, gradient: Value, m: Value, v: Value, beta1: Double, beta2: Double, epsilon: Double)
  /// A running mean of Adam: `m ← β m + (1 − β) gᵖ`, p = 1 for m and 2 for v.
  case runningMean(Value, gradient: Value, beta: Double, power: Int)
  /// The number that was at another place: of one of these, or none and the filler; where several
  /// meet, their sum.
  case moved([MovedSource], filler: Double)
  /// Products of the matrices in the last two axes.
  case batchedProduct(a: Value, b: Value, BatchedProduct)
  /// The place of a table that a number names.
  case gather(Value, numbers: Value, RowLookup)
  /// The sum of the gradients wherever the place was taken.
  case scatter(Value, numbers: Value, RowLookup)
  /// 1 or 0, or how often, for whether a class is among `width` numbers.
  case oneHot(of: Value, width: Int, counts: Bool)
  case alongAxis(AxisFunction, of: Value, AxisPlace)
  /// `kept` is y, for log-sum-exp x.
  case alongAxisGradient(AxisFunction, kept: Value, gradient: Value, output: Value, AxisPlace)
  case random(RandomOp.Distribution)

  /// The values it reads.
  package var operands: [Value] {
    switch self {
    case .sum(let sources):
      return sources.flatMap { source in
        switch source {
        case .product(let a, _, let b, _), .block(let a, let b, _): [a, b]
        case .elements(let all): all
        case .bias(let b), .biasPart(let b, _, _): [b]
        case .column(let x), .columnPart(let x, _, _), .squares(let x): [x]
        }
      }
    case .function(_, let x), .softmax(let x), .same(let x), .swappedAxes(let x), .mean(let x):
      return [x]
    case .functionGradient(_, let y, let factors): return factors + [y]
    case .softmaxGradient(let y, let dy): return [dy, y]
    case .dropoutMask: return []
    case .convolution(let x, let w, _), .transposedConvolution(let x, let w, _): return [x, w]
    case .convolutionInputGradient(let dy, let w, _): return [dy, w]
    case .convolutionKernelGradient(let x, let dy, _): return [x, dy]
    case .maximum(let x, _): return [x]
    case .maximumGradient(let x, let y, let dy, _): return [dy, x, y]
    case .windowMean(let x, _), .windowMeanGradient(let x, _): return [x]
    case .affine(let x, let a, _), .affineGradient(let x, let a, _): return [x, a]
    case .exampleLoss(_, let p, let t, _), .lossGradient(_, let p, let t, _): return [p, t]
    case .functionOfColumns(_, let x, _): return [x]
    case .columns(let blocks), .rows(let blocks): return blocks.flatMap(\.operands)
    case .memoryGradient(_, let dh, let o, let y, let next):
      return [dh, o, y] + (next.map { [$0] } ?? [])
    case .formula(let formula, let operands, _):
      return formula.operands.sorted().map { operands[$0] }
    case .reduction(_, let x, _): return [x]
    case .reductionGradient(.sum, _, _, let dy, _), .reductionGradient(.mean, _, _, let dy, _):
      return [dy]
    case .reductionGradient(_, let x, let y, let dy, _): return [dy, x, y]
    case .sgd(let w, let g, let v, _, _): return [w, g] + (v.map { [$0] } ?? [])
    case .velocity(let v, let g, _): return [v, g]
    case .adam(let w, let g, let m, let v, _, _, _): return [w, g, m, v]
    case .runningMean(let m, let g, _, _): return [m, g]
    case .moved(let sources, _): return sources.map(\.value)
    case .batchedProduct(let a, let b, _): return [a, b]
    case .gather(let x, let numbers, _), .scatter(let x, let numbers, _): return [x, numbers]
    case .oneHot(let x, _, _), .alongAxis(_, let x, _): return [x]
    case .alongAxisGradient(_, let kept, let dy, let y, _): return [dy, kept, y]
    case .random: return []
    }
  }
}
