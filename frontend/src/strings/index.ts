/** Every word on the page stands in this folder, one file a subject. */
export { analysis } from './analysis';
export { common } from './common';
export { coverage } from './coverage';
export { credentials } from './credentials';
export { errorText } from './errors';
export { evidence, features } from './evidence';
export { feedback } from './feedback';
export { file } from './file';
export { further } from './further';
export { compare, history } from './history';
export { modalities } from './modalities';
export { models } from './models';
export { pipeline } from './pipeline';
export { report } from './report';
export { upload } from './upload';
export { verdict } from './verdict';
export { why } from './why';
