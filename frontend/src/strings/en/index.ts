/** Every word on the page stands in this folder, one file a subject. */
export { analysis } from './analysis';
export { common } from './common';
export { coverage } from './coverage';
export { credentials } from './credentials';
export { docs } from './docs';
export { errorText } from './errors';
export { evidence, features } from './evidence';
export { file } from './file';
export { glossary } from './glossary';
export { compare, history } from './history';
export { modalities } from './modalities';
export { models } from './models';
export { pipeline } from './pipeline';
export { report } from './report';
export { service } from './service';
export { upload } from './upload';
export { verdict } from './verdict';
export { why } from './why';
