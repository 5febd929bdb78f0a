import CKernels

/// Sets the number of threads that kernels may use, the calling one included. Results do not depend
/// on it. Call while no kernel runs.
package func setKernelThreads(_ count: Int) { bs_set_threads(Int32(clamping: max(1, count))) }

/// The instruction set that kernels run on: part of a run's identity.
package func kernelTier() -> String { String(cString: bs_tier()) }

/// The same in words, with what it means for a run's numbers.
package func kernelTierInWords() -> String {
  switch kernelTier() {
  case "base":
    "base (no fused multiply-add: last digits differ from those of newer processors, whose bytes "
      + "BACKSTEP_KERNELS=emulated gives, slowly)"
  case "emulated": "emulated (the bytes of processors with fused multiply-add, slowly)"
  case let tier: tier
  }
}

/// Takes another instruction set, by its name, for the plans that the calling thread makes ready
/// from now on; false where this processor lacks it. For tests, which compare them.
package func forceKernelTier(_ name: String) -> Bool { bs_force_tier(name) != 0 }

/// Flushes denormal numbers to zero on the calling thread; each thread that computes calls it once.
package func flushDenormals() { bs_flush_denormals() }
