export { profileConsumer } from './profile.consumer.js';
export { ProfileModule } from './profile.module.js';
