// Which device WebGPU computes on where it goes through Vulkan (Linux). Dawn takes a GPU before a driver that plays one on the
// processor, as SwiftShader and lavapipe do; ONNX Runtime does not say which it took, so Vulkan is asked.
import koffi from 'koffi';

export interface VulkanDevice {
  readonly name: string;
  readonly isGpu: boolean;
}

/** VkPhysicalDeviceType: integrated, discrete or virtual GPU; 4 is a CPU. */
const GPU_TYPES = [1, 2, 3];
const INSTANCE_CREATE_INFO_BYTES = 64;
/** VkPhysicalDeviceProperties has 824: five words, of which the last is the type, then the name. */
const PROPERTIES_BYTES = 1024;
const TYPE_AT = 16;
const NAME_AT = 20;
const NAME_BYTES = 256;
const MOST = 16;

/** The first GPU, else the first device; undefined where Vulkan is not what WebGPU goes through. */
export function vulkanDevice(): VulkanDevice | undefined {
  const found = devices();
  return found.find(({ isGpu }) => isGpu) ?? found[0];
}

function devices(): readonly VulkanDevice[] {
  const library = loaded();
  if (library === undefined) return [];
  const pointer = 'void *';
  const create = library.func('vkCreateInstance', 'int', [pointer, pointer, pointer]);
  const enumerate = library.func('vkEnumeratePhysicalDevices', 'int', [pointer, pointer, pointer]);
  const describe = library.func('vkGetPhysicalDeviceProperties', 'void', [pointer, pointer]);
  const destroy = library.func('vkDestroyInstance', 'void', [pointer, pointer]);
  const info = new Uint32Array(INSTANCE_CREATE_INFO_BYTES / 4);
  info[0] = 1; // sType; all else is zero
  const instance = new BigUint64Array(1);
  if (create(info, null, instance) !== 0) return [];
  try {
    const count = Uint32Array.of(MOST);
    const handles = new BigUint64Array(MOST);
    if (enumerate(instance[0], count, handles) < 0) return [];
    return [...handles.subarray(0, count[0])].map((handle) => {
      const properties = Buffer.alloc(PROPERTIES_BYTES);
      describe(handle, properties);
      return deviceIn(properties);
    });
  } finally {
    destroy(instance[0], null);
  }
}

function loaded() {
  if (process.platform !== 'linux') return undefined;
  try {
    return koffi.load('libvulkan.so.1');
  } catch {
    return undefined;
  }
}

/** @param properties VkPhysicalDeviceProperties */
function deviceIn(properties: Buffer): VulkanDevice {
  const name = properties.toString('utf8', NAME_AT, NAME_AT + NAME_BYTES);
  return {
    name: name.slice(0, name.indexOf('\0')),
    isGpu: GPU_TYPES.includes(properties.readUInt32LE(TYPE_AT)),
  };
}
