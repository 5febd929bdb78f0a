// The kernels for NEON.
#include "tier.h"

#if !defined(__x86_64__)
#define TIER neon
#define WIDTH 4
#define ROWS 8
#define FUSED 1
#include "tier.inc.h"
#endif
