import CKernels
import Tensors

// What a session measures of a step besides running it: the same kernels, outside the plan.

extension Execution {
  /// The sum of the squares of all numbers of a value.
  package func sumOfSquares(of value: Value) -> Float {
    withNumbers(of: value) { numbers in
      var result: Float = 0
      withUnsafeMutablePointer(to: &result) { result in
        var call = bs_call()
        call.p.0 = numbers.baseAddress
        call.p.1 = result
        call.n.0 = Int64(numbers.count)
        Kernel.sumSquares.function(&call)
      }
      return result
    }
  }

  /// How far the numbers of a value moved since, squared, and the square of the length that they
  /// had; `before` then holds the present ones.
  package func changeSquares(
    of value: Value, since before: UnsafeMutablePointer<Float>
  ) -> (change: Float, size: Float) {
    withNumbers(of: value) { numbers in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { sums in
        var call = bs_call()
        call.p.0 = numbers.baseAddress
        call.p.1 = before
        call.p.2 = sums.baseAddress
        call.n.0 = Int64(numbers.count)
        Kernel.changeSquares.function(&call)
        return (sums[0], sums[1])
      }
    }
  }

  /// How many rows of the prediction agree with the target.
  package func countRight(_ accuracy: AccuracyFunction, threshold: Float = 0.5) -> Int {
    guard let target = plan.target else { preconditionFailure("a plan without targets") }
    return withNumbers(of: plan.output) { prediction in
      withNumbers(of: target) { target in
        var result: Float = 0
        withUnsafeMutablePointer(to: &result) { result in
          var call = bs_call()
          call.p.0 = prediction.baseAddress
          call.p.1 = target.baseAddress
          call.p.2 = result
          call.n.0 = Int64(accuracy.rawValue)
          call.n.1 = Int64(plan.output.shape.rows)
          call.n.2 = Int64(plan.output.shape.last)
          call.f.0 = threshold
          Kernel.accuracy.function(&call)
        }
        return Int(result)
      }
    }
  }
}
