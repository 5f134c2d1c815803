// npm install ai@6.0.326 @ai-sdk/openai@3.0.120
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';

const proxy = process.env.PROXY_URL ?? 'http://127.0.0.1:8080';

const openai = createOpenAI({ baseURL: `${proxy}/v1`, apiKey: 'hackathon/your-name' });

const { text } = await generateText({ model: openai.chat('gpt-4o'), prompt: 'Write a poem about indian elephants' });
console.log(text);
