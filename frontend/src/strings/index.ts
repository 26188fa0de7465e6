/** Every word on the page stands in this folder, one file a subject. */
export { analysis } from './analysis';
export { common } from './common';
export { errorText } from './errors';
export { evidence, features } from './evidence';
export { pipeline } from './pipeline';
export { upload } from './upload';
export { verdict } from './verdict';
